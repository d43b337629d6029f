-- A generation without any entry takes the law of whoever fills it. Index: one_generation_per_number.
UPDATE projector.generation SET law = CAST(:law AS integer) WHERE number = CAST(:number AS bigint)
