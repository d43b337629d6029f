-- Checkpoints from one size on, by size. Index: one_checkpoint_per_size.
SELECT size, root, note FROM ledger.checkpoints WHERE size >= $1 ORDER BY size LIMIT $2
