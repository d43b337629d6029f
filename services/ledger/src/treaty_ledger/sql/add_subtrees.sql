-- Stores the roots of subtrees that became complete. Index: one_subtree_per_place.
INSERT INTO ledger.subtrees (level, index, hash)
SELECT level, index, hash
FROM unnest(CAST($1 AS smallint[]), CAST($2 AS bigint[]), CAST($3 AS bytea[])) AS complete (level, index, hash)
