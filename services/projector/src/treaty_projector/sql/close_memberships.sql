-- End the knowledge of membership rows that a new fact overtook. Index: one_membership_per_day_and_size.
UPDATE projector.membership m SET known_to = c.known_to
  FROM unnest(CAST(:treaties AS text[]), CAST(:participants AS text[]), CAST(:valid_from AS date[]),
              CAST(:known_to AS bigint[])) AS c(treaty, participant, valid_from, known_to)
 WHERE m.treaty = c.treaty AND m.participant = c.participant AND m.valid_from = c.valid_from
   AND m.known_to = 9223372036854775807
