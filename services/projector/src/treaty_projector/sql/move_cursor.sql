-- Compare and set, and tell every process at the commit: no row comes back when another process moved the cursor first,
-- or when workers share the projection and are ahead of it. There is one row.
WITH moved AS (
    UPDATE projector.cursor
       SET size = CAST(:size AS bigint), subtrees = CAST(:subtrees AS bytea[]), digest_sum = CAST(:digest_sum AS bytea),
           ledger_size = greatest(ledger_size, CAST(:size AS bigint)), applied_at = clock_timestamp(),
           checkpoint = CAST(:checkpoint AS text), inconsistency = NULL, healings = CAST(:healings AS bigint)
     WHERE size = CAST(:expected AS bigint) AND healings = CAST(:expected_healings AS bigint) AND ahead IS NULL
    RETURNING size
)
SELECT size, pg_notify('projector_applied', CAST(size AS text)) FROM moved
