-- The whole history of one participant in one treaty as known at a size. Index: one_standing_per_size.
SELECT s.document
  FROM projector.standing s
 WHERE s.treaty = CAST(:treaty AS text) AND s.participant = CAST(:participant AS text)
   AND s.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < s.known_to
