-- The exit of each on a day, as known at a size, with the treaty's title. Indexes: one_membership_per_day_and_size and
-- one_treaty_per_size.
SELECT p.treaty, p.participant, t.title, m.document
  FROM unnest(CAST(:treaties AS text[]), CAST(:participants AS text[]))
       WITH ORDINALITY AS p(treaty, participant, number)
  LEFT JOIN projector.treaty t
    ON t.treaty = p.treaty AND t.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < t.known_to
  LEFT JOIN projector.membership m
    ON m.treaty = p.treaty AND m.participant = p.participant
   AND m.exit_stage = ANY(CAST(:stages AS text[]))
   AND m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
   AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
 ORDER BY p.number
