-- Say that a generation is filled. Index: one_generation_per_number.
UPDATE projector.generation SET is_ready = true WHERE number = CAST(:number AS bigint)
