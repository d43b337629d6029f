-- The whole history of everybody in one treaty as known at a size. Index: one_standing_per_size.
SELECT s.participant, s.document
  FROM projector.standing s
 WHERE s.treaty = CAST(:treaty AS text)
   AND s.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < s.known_to
 ORDER BY s.participant
