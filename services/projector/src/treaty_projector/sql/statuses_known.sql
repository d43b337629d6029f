-- Where some participants stand on a day, as known at a size. Index: one_membership_per_day_and_size.
SELECT m.treaty, m.participant, m.consent, m.exit_stage, m.document
  FROM unnest(CAST(:treaties AS text[]), CAST(:participants AS text[])) AS w(treaty, participant)
  JOIN projector.membership m ON m.treaty = w.treaty AND m.participant = w.participant
 WHERE m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
   AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
 ORDER BY m.treaty, m.participant
