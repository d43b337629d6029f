-- Whose standing in one treaty changed last between two sizes of the log, the newest first. Index:
-- one_standing_per_size.
SELECT c.at, c.treaty, c.participant FROM (
    (SELECT s.known_from AS at, s.treaty COLLATE "C" AS treaty, s.participant COLLATE "C" AS participant
       FROM projector.standing s
      WHERE s.known_from > CAST(:from_size AS bigint) AND s.known_from <= CAST(:before_at AS bigint)
        AND (s.known_from, s.treaty COLLATE "C", s.participant COLLATE "C")
            < (CAST(:before_at AS bigint), CAST(:before_treaty AS text), CAST(:before_participant AS text))
        AND s.treaty = CAST(:treaty AS text)
        AND (CAST(:participant AS text) IS NULL OR s.participant = CAST(:participant AS text))
      ORDER BY s.known_from DESC, s.treaty COLLATE "C" DESC, s.participant COLLATE "C" DESC
      LIMIT CAST(:limit AS int))
    UNION
    (SELECT s.known_to AS at, s.treaty COLLATE "C" AS treaty, s.participant COLLATE "C" AS participant
       FROM projector.standing s
      WHERE s.known_to > CAST(:from_size AS bigint) AND s.known_to <= CAST(:before_at AS bigint)
        AND (s.known_to, s.treaty COLLATE "C", s.participant COLLATE "C")
            < (CAST(:before_at AS bigint), CAST(:before_treaty AS text), CAST(:before_participant AS text))
        AND s.treaty = CAST(:treaty AS text)
        AND (CAST(:participant AS text) IS NULL OR s.participant = CAST(:participant AS text))
      ORDER BY s.known_to DESC, s.treaty COLLATE "C" DESC, s.participant COLLATE "C" DESC
      LIMIT CAST(:limit AS int))
) c
 ORDER BY c.at DESC, c.treaty DESC, c.participant DESC
 LIMIT CAST(:limit AS int)
