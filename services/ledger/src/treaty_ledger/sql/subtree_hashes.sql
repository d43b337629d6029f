-- Roots of complete subtrees of one level, from one place on. Index: one_subtree_per_place.
SELECT hash FROM ledger.subtrees WHERE level = $1 AND index >= $2 AND index < $3 ORDER BY index
