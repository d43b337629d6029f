-- One participant's membership in one treaty on a day, as known at a size. Index: one_membership_per_day_and_size.
SELECT m.document
  FROM projector.membership m
 WHERE m.treaty = CAST(:treaty AS text) AND m.participant = CAST(:participant AS text)
   AND m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
   AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
