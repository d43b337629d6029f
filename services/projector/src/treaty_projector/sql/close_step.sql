-- Move the cursor to the end of a step that every slice has folded, and tell every process at the commit: no row comes
-- back when the cursor is elsewhere. Index: one_step_per_size; there is one cursor.
WITH closed AS (
    DELETE FROM projector.step WHERE size = CAST(:size AS bigint)
), moved AS (
    UPDATE projector.cursor
       SET size = CAST(:size AS bigint), subtrees = CAST(:subtrees AS bytea[]), digest_sum = CAST(:digest_sum AS bytea),
           applied_at = clock_timestamp(), checkpoint = CAST(:checkpoint AS text),
           ahead = CASE WHEN ahead > CAST(:size AS bigint) THEN ahead END
     WHERE ahead >= CAST(:size AS bigint) AND size = CAST(:expected AS bigint)
       AND NOT EXISTS (SELECT FROM projector.step s WHERE s.size < CAST(:size AS bigint))
    RETURNING size
)
SELECT size, pg_notify('projector_applied', CAST(size AS text)), pg_notify('projector_step', CAST(size AS text)) FROM moved
