-- Let another generation answer from the commit on, and tell every process. Index: one_generation_per_number.
WITH before AS (
    UPDATE projector.generation g SET left_at = clock_timestamp()
      FROM projector.active a WHERE g.number = a.generation
), after AS (
    UPDATE projector.generation g SET left_at = NULL WHERE g.number = CAST(:number AS bigint)
), switched AS (
    UPDATE projector.active SET generation = CAST(:number AS bigint), since = clock_timestamp() RETURNING generation
)
SELECT s.generation, pg_notify('projector_applied', '') FROM switched s
