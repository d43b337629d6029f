-- Whose standing in one treaty changed last between two sizes of the log, the newest first: all of the treaty's are read.
-- Index: one_standing_per_size.
SELECT DISTINCT c.at, s.treaty COLLATE "C" AS treaty, s.participant COLLATE "C" AS participant
  FROM (SELECT v.treaty, v.participant, v.known_from, v.known_to FROM projector.standing v
         WHERE v.treaty = CAST(:treaty AS text)
           AND (CAST(:participant AS text) IS NULL OR v.participant = CAST(:participant AS text))
        OFFSET 0) s
 CROSS JOIN LATERAL (VALUES (s.known_from), (s.known_to)) AS c(at)
 WHERE c.at > CAST(:from_size AS bigint) AND c.at <= CAST(:before_at AS bigint)
   AND (c.at, s.treaty COLLATE "C", s.participant COLLATE "C")
       < (CAST(:before_at AS bigint), CAST(:before_treaty AS text), CAST(:before_participant AS text))
 ORDER BY at DESC, treaty DESC, participant DESC
 LIMIT CAST(:limit AS int)
