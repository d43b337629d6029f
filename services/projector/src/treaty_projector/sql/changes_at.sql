-- What was known of each before and after a size of the log, with the title that the treaty had then and the record that
-- brought the change. Indexes: one_standing_per_size, one_treaty_per_size and one_entry_per_position.
SELECT p.at, p.treaty, p.participant, b.document AS before, a.document AS after, e.type, e.recorded_at, t.title
  FROM unnest(CAST(:sizes AS bigint[]), CAST(:treaties AS text[]), CAST(:participants AS text[]))
       WITH ORDINALITY AS p(at, treaty, participant, number)
  JOIN projector.entry e ON e.position = p.at - 1
  LEFT JOIN projector.standing a ON a.treaty = p.treaty AND a.participant = p.participant AND a.known_from = p.at
  LEFT JOIN LATERAL (SELECT s.document, s.known_to FROM projector.standing s
                      WHERE s.treaty = p.treaty AND s.participant = p.participant AND s.known_from < p.at
                      ORDER BY s.known_from DESC LIMIT 1) b ON b.known_to = p.at
  LEFT JOIN projector.treaty t ON t.treaty = p.treaty AND t.known_from <= p.at AND p.at < t.known_to
 ORDER BY p.number
