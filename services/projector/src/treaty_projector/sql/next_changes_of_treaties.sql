-- Whose standing in some treaties changed next between two sizes of the log, the earliest first: all that is known of
-- these treaties, or of some participants in them, is read. Index: one_standing_per_size.
SELECT DISTINCT c.at, s.treaty COLLATE "C" AS treaty, s.participant COLLATE "C" AS participant
  FROM (SELECT v.treaty, v.participant, v.known_from, v.known_to FROM projector.standing v
         WHERE v.treaty = ANY (CAST(:treaties AS text[]))
           AND (CAST(:participants AS text[]) IS NULL OR v.participant = ANY (CAST(:participants AS text[])))
        OFFSET 0) s
 CROSS JOIN LATERAL (VALUES (s.known_from), (s.known_to)) AS c(at)
 WHERE c.at > CAST(:from_size AS bigint) AND c.at <= CAST(:to_size AS bigint)
   AND (c.at, s.treaty COLLATE "C", s.participant COLLATE "C")
       > (CAST(:after_at AS bigint), CAST(:after_treaty AS text), CAST(:after_participant AS text))
 ORDER BY at, treaty, participant
 LIMIT CAST(:limit AS int)
