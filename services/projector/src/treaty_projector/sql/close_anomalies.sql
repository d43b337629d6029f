-- End the knowledge of anomalies that a new fact resolved. Index: one_anomaly_per_size.
UPDATE projector.anomaly a SET known_to = c.known_to
  FROM unnest(CAST(:treaties AS text[]), CAST(:positions AS bigint[]), CAST(:reasons AS text[]),
              CAST(:participants AS text[]), CAST(:known_to AS bigint[]))
       AS c(treaty, position, reason, participant, known_to)
 WHERE a.treaty = c.treaty AND a.position = c.position AND a.reason = c.reason AND a.participant = c.participant
   AND a.known_to = 9223372036854775807
