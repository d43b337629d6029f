-- The signed log over the recorded facts. All of it follows from ledger.events and the key, which is never here.

CREATE TABLE ledger.log (
    is_the_only_one boolean     NOT NULL DEFAULT true,
    origin          text        NOT NULL,
    began_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT one_log_per_database PRIMARY KEY (is_the_only_one),
    CONSTRAINT only_one CHECK (is_the_only_one)
);

CREATE TABLE ledger.subtrees (
    level smallint NOT NULL,
    index bigint   NOT NULL,
    hash  bytea    NOT NULL,
    CONSTRAINT one_subtree_per_place PRIMARY KEY (level, index),
    CONSTRAINT leaves_are_events CHECK (level >= 1),
    CONSTRAINT index_is_not_negative CHECK (index >= 0),
    CONSTRAINT hash_is_sha256 CHECK (octet_length(hash) = 32)
);

CREATE TABLE ledger.checkpoints (
    size      bigint      NOT NULL,
    root      bytea       NOT NULL,
    note      text        NOT NULL,
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT one_checkpoint_per_size PRIMARY KEY (size),
    CONSTRAINT size_is_not_negative CHECK (size >= 0),
    CONSTRAINT root_is_sha256 CHECK (octet_length(root) = 32)
);

COMMENT ON TABLE ledger.log IS 'The name under which this log is signed; never another one.';
COMMENT ON TABLE ledger.subtrees IS 'Roots of complete subtrees over 256^level leaves: the tiles above the leaves.';
COMMENT ON TABLE ledger.checkpoints IS 'What was signed: the first `size` facts have this root.';

CREATE TRIGGER the_log_keeps_its_name BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.log
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.log ENABLE ALWAYS TRIGGER the_log_keeps_its_name;

CREATE TRIGGER subtrees_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.subtrees
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.subtrees ENABLE ALWAYS TRIGGER subtrees_stay;

CREATE TRIGGER checkpoints_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.checkpoints ENABLE ALWAYS TRIGGER checkpoints_stay;
