-- End the knowledge of standings that a new fact overtook. Index: one_standing_per_size.
UPDATE projector.standing s SET known_to = c.known_to
  FROM unnest(CAST(:treaties AS text[]), CAST(:participants AS text[]), CAST(:known_to AS bigint[]))
       AS c(treaty, participant, known_to)
 WHERE s.treaty = c.treaty AND s.participant = c.participant AND s.known_to = 9223372036854775807
