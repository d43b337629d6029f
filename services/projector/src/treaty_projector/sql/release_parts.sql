-- Give parts back, for others to take at once. There are 65 parts.
WITH held AS (
    SELECT p.number FROM projector.part p
     WHERE p.number = ANY(CAST(:numbers AS smallint[])) AND p.owner = CAST(:name AS text)
     ORDER BY p.number FOR UPDATE
)
UPDATE projector.part p SET owner = NULL, lease_until = '-infinity'
  FROM held h WHERE p.number = h.number
