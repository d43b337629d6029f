-- End the knowledge of treaty rows that a new fact overtook. Index: one_treaty_per_size.
UPDATE projector.treaty t SET known_to = c.known_to
  FROM unnest(CAST(:treaties AS text[]), CAST(:known_to AS bigint[])) AS c(treaty, known_to)
 WHERE t.treaty = c.treaty AND t.known_to = 9223372036854775807
