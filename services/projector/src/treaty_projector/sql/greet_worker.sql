-- Say that a worker is there for a while, keep what it holds for as long, and forget those that were not heard of.
-- Rows of parts are always locked in order of number. Index: one_row_per_worker; there are 65 parts.
WITH gone AS (
    DELETE FROM projector.worker w WHERE w.present_until < clock_timestamp() AND w.name <> CAST(:name AS text)
), held AS (
    SELECT p.number FROM projector.part p WHERE p.owner = CAST(:name AS text) ORDER BY p.number FOR UPDATE
), kept AS (
    UPDATE projector.part p SET lease_until = clock_timestamp() + make_interval(secs => CAST(:seconds AS float8))
      FROM held h WHERE p.number = h.number AND p.owner = CAST(:name AS text)
)
INSERT INTO projector.worker (name, present_until)
VALUES (CAST(:name AS text), clock_timestamp() + make_interval(secs => CAST(:seconds AS float8)))
    ON CONFLICT (name) DO UPDATE SET present_until = EXCLUDED.present_until
