-- Take parts that nobody holds any more, the reading of the log before others; what an earlier owner writes is refused
-- from now on. There are 65 parts.
WITH free AS (
    SELECT p.number FROM projector.part p
     WHERE p.owner IS NULL OR p.lease_until < clock_timestamp()
     ORDER BY p.number DESC
     LIMIT CAST(:most AS int)
       FOR UPDATE SKIP LOCKED
)
UPDATE projector.part p
   SET owner = CAST(:name AS text), fence = p.fence + 1,
       lease_until = clock_timestamp() + make_interval(secs => CAST(:seconds AS float8))
  FROM free f
 WHERE p.number = f.number
RETURNING p.number
