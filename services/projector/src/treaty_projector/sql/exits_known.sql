-- Exits in one of the stages on a day, as known at a size, with the treaty's title. Index: membership_with_an_exit.
SELECT m.treaty, t.title, m.participant, m.document
  FROM projector.membership m
  JOIN projector.treaty t
    ON t.treaty = m.treaty AND t.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < t.known_to
 WHERE m.exit_stage = ANY(CAST(:stages AS text[]))
   AND m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
   AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
   AND (CAST(:treaty AS text) IS NULL OR m.treaty = CAST(:treaty AS text))
   AND (CAST(:participant AS text) IS NULL OR m.participant = CAST(:participant AS text))
 ORDER BY m.treaty, m.participant
