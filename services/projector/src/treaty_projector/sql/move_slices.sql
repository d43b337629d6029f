-- Compare and set how far slices are folded; those come back that are still the worker's, at the fence it took them with.
-- Index: one_row_per_part.
WITH held AS (
    SELECT p.number
      FROM projector.part p
      JOIN unnest(CAST(:numbers AS smallint[]), CAST(:fences AS bigint[])) AS w(number, fence)
        ON w.number = p.number AND w.fence = p.fence
     WHERE p.owner = CAST(:name AS text) AND p.size = CAST(:expected AS bigint)
     ORDER BY p.number FOR UPDATE OF p
)
UPDATE projector.part p SET size = CAST(:size AS bigint)
  FROM held h WHERE p.number = h.number
RETURNING p.number
