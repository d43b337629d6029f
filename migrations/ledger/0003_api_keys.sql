-- Who may ask with an API key. A row stays when its key is revoked: recorded events name its holder.

CREATE TABLE ledger.api_keys (
    name         text        NOT NULL,
    prefix       text        NOT NULL,
    sha256       bytea       NOT NULL,
    scopes       text[]      NOT NULL,
    made_at      timestamptz NOT NULL,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz,
    CONSTRAINT one_key_per_prefix PRIMARY KEY (prefix),
    CONSTRAINT name_can_be_recorded CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
    CONSTRAINT prefix_is_no_secret CHECK (octet_length(prefix) = 12),
    CONSTRAINT hash_of_a_key_is_sha256 CHECK (octet_length(sha256) = 32),
    CONSTRAINT a_key_is_good_for_something CHECK (cardinality(scopes) > 0),
    CONSTRAINT a_key_expires_after_it_was_made CHECK (expires_at > made_at)
);

COMMENT ON TABLE ledger.api_keys IS 'Who may ask with an API key, and what for; the keys themselves are never here.';
COMMENT ON COLUMN ledger.api_keys.name IS 'The principal: recorded events say key:<name>. One principal may have several keys.';
COMMENT ON COLUMN ledger.api_keys.prefix IS 'How the key begins (trk_ and eight letters or digits); it may be shown.';
COMMENT ON COLUMN ledger.api_keys.sha256 IS 'SHA-256 of the whole key.';
COMMENT ON COLUMN ledger.api_keys.last_used_at IS 'When the key was last used, to the minute.';


-- A revoked key stays revoked, whoever holds the password of the ledger.

CREATE FUNCTION ledger.refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a revoked key stays revoked'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'revoked_keys_stay_revoked';
END $$;

CREATE TRIGGER revoked_keys_stay_revoked BEFORE UPDATE ON ledger.api_keys FOR EACH ROW
    WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at AND OLD.revoked_at IS NOT NULL)
    EXECUTE FUNCTION ledger.refuse_revival();
ALTER TABLE ledger.api_keys ENABLE ALWAYS TRIGGER revoked_keys_stay_revoked;
