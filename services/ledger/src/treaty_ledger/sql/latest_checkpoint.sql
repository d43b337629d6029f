-- The checkpoint signed last. Index: one_checkpoint_per_size.
SELECT size, root, note FROM ledger.checkpoints ORDER BY size DESC LIMIT 1
