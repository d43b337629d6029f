-- Stores a signed checkpoint and the roots of subtrees complete since the one before. Index: one_checkpoint_per_size, one_subtree_per_place.
WITH grown AS (
    INSERT INTO ledger.subtrees (level, index, hash)
    SELECT level, index, hash
    FROM unnest(CAST($4 AS smallint[]), CAST($5 AS bigint[]), CAST($6 AS bytea[])) AS complete (level, index, hash)
)
INSERT INTO ledger.checkpoints (size, root, note) VALUES ($1, $2, $3)
