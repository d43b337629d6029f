-- Forget a generation that does not answer. Index: one_generation_per_number.
DELETE FROM projector.generation g
 WHERE g.number = CAST(:number AS bigint)
   AND NOT EXISTS (SELECT 1 FROM projector.active a WHERE a.generation = g.number)
RETURNING g.number
