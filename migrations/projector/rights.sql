-- What the projector's service may do: write its own read model, which can be derived again, and empty the place of a
-- generation that is not active.
--
-- Run as projector_owner after every migration: it takes all rights away and grants these again.

DO $$
DECLARE
    place text;
BEGIN
    IF to_regrole('projector_app') IS NULL THEN
        RETURN;
    END IF;
    FOR place IN
        SELECT n.nspname FROM pg_namespace n WHERE n.nspname IN ('projector', 'projector_blue', 'projector_green')
    LOOP
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC, projector_app', place);
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM PUBLIC, projector_app', place);
        EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA %I FROM PUBLIC, projector_app', place);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO projector_app', place);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO projector_app', place);
        IF place <> 'projector' THEN
            EXECUTE format('GRANT TRUNCATE ON ALL TABLES IN SCHEMA %I TO projector_app', place);
            IF current_setting('server_version_num') >= '170000' THEN  -- to ANALYZE what was just filled
                EXECUTE format('GRANT MAINTAIN ON ALL TABLES IN SCHEMA %I TO projector_app', place);
            END IF;
        END IF;
    END LOOP;
    REVOKE INSERT, UPDATE, DELETE ON projector.alembic_version FROM projector_app;
END $$;
