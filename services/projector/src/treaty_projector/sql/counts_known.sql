-- How many stand where, treaty by treaty, on a day, as known at a size. Index: membership_of_a_treaty.
SELECT m.treaty, m.consent, m.exit_stage, count(*) AS participants
  FROM projector.membership m
 WHERE m.treaty = ANY(CAST(:treaties AS text[]))
   AND m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
   AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
 GROUP BY m.treaty, m.consent, m.exit_stage
 ORDER BY m.treaty, m.consent, m.exit_stage
