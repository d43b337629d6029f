-- Stores a signed checkpoint. Index: one_checkpoint_per_size.
INSERT INTO ledger.checkpoints (size, root, note) VALUES ($1, $2, $3)
