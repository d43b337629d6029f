-- Add what slices come to within a step. Index: one_step_per_size.
UPDATE projector.step
   SET terms = terms + CAST(CAST(:terms AS text) AS numeric), slices_done = slices_done + CAST(:done AS int)
 WHERE size = CAST(:step_end AS bigint)
RETURNING slices_done, CAST(terms AS text) AS terms, subtrees, checkpoint
