-- Every standing that was ever known in a treaty. Index: one_standing_per_size.
SELECT s.treaty, s.participant, s.known_from, s.known_to, s.document
  FROM projector.standing s
 WHERE s.treaty = CAST(:treaty AS text)
 ORDER BY s.participant, s.known_from
