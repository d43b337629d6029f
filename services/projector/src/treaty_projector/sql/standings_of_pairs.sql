-- Everything ever known of each up to a size, version by version, with the records that brought and ended it. Indexes:
-- one_standing_per_size and one_entry_per_position.
SELECT s.treaty, s.participant, s.known_from, s.document, b.recorded_at, b.type,
       s.known_to, e.recorded_at AS ended_at, e.type AS ended_by
  FROM unnest(CAST(:treaties AS text[]), CAST(:participants AS text[])) AS p(treaty, participant)
  JOIN projector.standing s
    ON s.treaty = p.treaty AND s.participant = p.participant AND s.known_from <= CAST(:size AS bigint)
  JOIN projector.entry b ON b.position = s.known_from - 1
  LEFT JOIN projector.entry e ON e.position = s.known_to - 1 AND s.known_to <= CAST(:size AS bigint)
 ORDER BY s.treaty, s.participant, s.known_from
