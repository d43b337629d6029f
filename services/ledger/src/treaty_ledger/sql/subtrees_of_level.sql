-- Roots of the complete subtrees of one level from one place on, by place. Index: one_subtree_per_place.
SELECT index, hash FROM ledger.subtrees WHERE level = $1 AND index >= $2 ORDER BY index LIMIT $3
