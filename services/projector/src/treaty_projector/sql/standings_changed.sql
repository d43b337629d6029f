-- What changed of whom between two sizes of the log, with what was known before. Indexes: standing_by_known_from and
-- standing_by_known_to. Names are compared byte by byte, so that the order is the same on every machine.
SELECT coalesce(a.treaty, b.treaty) AS treaty, coalesce(a.participant, b.participant) AS participant,
       coalesce(a.known_from, b.known_to) AS at, b.document AS before, a.document AS after,
       e.type, e.recorded_at
  FROM (SELECT s.treaty, s.participant, s.known_from, s.document FROM projector.standing s
         WHERE s.known_from > CAST(:from_size AS bigint) AND s.known_from <= CAST(:to_size AS bigint)) a
  FULL JOIN (SELECT s.treaty, s.participant, s.known_to, s.document FROM projector.standing s
              WHERE s.known_to > CAST(:from_size AS bigint) AND s.known_to <= CAST(:to_size AS bigint)) b
    ON b.treaty = a.treaty AND b.participant = a.participant AND b.known_to = a.known_from
  LEFT JOIN projector.entry e ON e.position = coalesce(a.known_from, b.known_to) - 1
 WHERE (CAST(:treaties AS text[]) IS NULL OR coalesce(a.treaty, b.treaty) = ANY (CAST(:treaties AS text[])))
   AND (CAST(:participants AS text[]) IS NULL OR coalesce(a.participant, b.participant) = ANY (CAST(:participants AS text[])))
   AND (coalesce(a.known_from, b.known_to), coalesce(a.treaty, b.treaty) COLLATE "C",
        coalesce(a.participant, b.participant) COLLATE "C")
       > (CAST(:after_at AS bigint), CAST(:after_treaty AS text), CAST(:after_participant AS text))
 ORDER BY at, coalesce(a.treaty, b.treaty) COLLATE "C", coalesce(a.participant, b.participant) COLLATE "C"
 LIMIT CAST(:limit AS int)
