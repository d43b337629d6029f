-- Compare and set: no row comes back when another process moved the cursor first.
UPDATE projector.cursor
   SET size = CAST(:size AS bigint), subtrees = CAST(:subtrees AS bytea[]), digest_sum = CAST(:digest_sum AS bytea),
       ledger_size = greatest(ledger_size, CAST(:size AS bigint)), applied_at = clock_timestamp()
 WHERE size = CAST(:expected AS bigint)
RETURNING size
