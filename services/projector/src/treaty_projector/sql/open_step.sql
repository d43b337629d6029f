-- Open a step and tell every worker at the commit. Index: one_step_per_size.
WITH opened AS (
    INSERT INTO projector.step (size, subtrees, checkpoint)
    VALUES (CAST(:size AS bigint), CAST(:subtrees AS bytea[]), CAST(:checkpoint AS text))
    RETURNING size
)
SELECT pg_notify('projector_step', CAST(size AS text)) FROM opened
