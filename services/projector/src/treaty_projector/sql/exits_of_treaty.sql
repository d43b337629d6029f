-- A page of exits from one treaty, or of one participant from it, in some of the stages on a day, as known at a size,
-- by day of effect, with the treaty's title. Indexes: membership_of_a_treaty and one_treaty_per_size.
SELECT m.exit_day, m.treaty, t.title, m.participant, m.document
  FROM projector.membership m
  JOIN projector.treaty t
    ON t.treaty = m.treaty AND t.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < t.known_to
 WHERE m.treaty = CAST(:treaty AS text) AND m.exit_stage = ANY(CAST(:stages AS text[]))
   AND m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
   AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
   AND (CAST(:participant AS text) IS NULL OR m.participant = CAST(:participant AS text))
   AND m.exit_day <= CAST(:before AS date)
   AND (m.exit_day, m.treaty, m.participant)
       > (CAST(:after_day AS date), CAST(:after_treaty AS text), CAST(:after_participant AS text))
 ORDER BY m.exit_day, m.treaty, m.participant
 LIMIT CAST(:limit AS int)
