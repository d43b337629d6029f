-- What the ledger's service may do: add, and read what its statements read. Nothing else, so nothing is rewritten.
--
-- Run as ledger_owner after every migration: it takes all rights away and grants these again.
-- A new table is a line here.

DO $$
DECLARE
    allowed record;
BEGIN
    IF to_regrole('ledger_app') IS NULL THEN
        RETURN;
    END IF;
    REVOKE ALL ON SCHEMA ledger FROM PUBLIC, ledger_app;
    REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM PUBLIC, ledger_app;
    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC, ledger_app;
    GRANT USAGE ON SCHEMA ledger TO ledger_app;
    GRANT EXECUTE ON FUNCTION ledger.lock_and_read TO ledger_app;
    FOR allowed IN
        SELECT listed.table_name, listed.rights FROM (VALUES
            ('events', 'SELECT, INSERT'),
            ('log', 'SELECT, INSERT (origin)'),
            ('subtrees', 'SELECT, INSERT'),
            ('checkpoints', 'SELECT, INSERT (size, root, note)'),
            ('api_keys', 'SELECT, INSERT (name, prefix, sha256, scopes, made_at, expires_at), UPDATE (revoked_at, last_used_at)'),
            ('alembic_version', 'SELECT')
        ) AS listed (table_name, rights)
        WHERE to_regclass(format('ledger.%I', table_name)) IS NOT NULL  -- not every migration may have run
    LOOP
        EXECUTE format('GRANT %s ON ledger.%I TO ledger_app', allowed.rights, allowed.table_name);
    END LOOP;
END $$;
