-- Compare and set how far the log is read: no row comes back when another process read on first. There is one row.
UPDATE projector.cursor SET ahead = CAST(:size AS bigint), ledger_size = greatest(ledger_size, CAST(:size AS bigint)), inconsistency = NULL
 WHERE coalesce(ahead, size) = CAST(:expected AS bigint) AND healings = CAST(:expected_healings AS bigint)
RETURNING ahead
