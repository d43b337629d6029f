-- Everybody's membership in one treaty on a day, as known at a size. Index: membership_of_a_treaty.
SELECT m.participant, m.consent, m.exit_stage, m.document
  FROM projector.membership m
 WHERE m.treaty = CAST(:treaty AS text)
   AND m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
   AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
 ORDER BY m.participant
