-- The checkpoint signed at one size; no row when none was. Index: one_checkpoint_per_size.
SELECT size, root, note FROM ledger.checkpoints WHERE size = $1
