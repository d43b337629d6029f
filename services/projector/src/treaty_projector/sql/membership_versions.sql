-- Every membership that was ever known in a treaty. Index: one_membership_per_day_and_size.
SELECT m.treaty, m.participant, m.valid_from, m.valid_to, m.known_from, m.known_to, m.consent, m.exit_stage, m.exit_day,
       m.document
  FROM projector.membership m
 WHERE m.treaty = CAST(:treaty AS text)
 ORDER BY m.participant, m.valid_from, m.known_from
