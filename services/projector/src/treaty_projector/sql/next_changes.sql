-- Whose standing changed next between two sizes of the log, the earliest first; of some treaties or participants only
-- where few sizes are looked through. Indexes: standing_by_known_from and standing_by_known_to. Names are compared byte
-- by byte, so that the order is the same on every machine.
SELECT c.at, c.treaty, c.participant FROM (
    (SELECT s.known_from AS at, s.treaty COLLATE "C" AS treaty, s.participant COLLATE "C" AS participant
       FROM projector.standing s
      WHERE s.known_from > CAST(:from_size AS bigint) AND s.known_from >= CAST(:after_at AS bigint)
        AND s.known_from <= CAST(:to_size AS bigint)
        AND (CAST(:treaties AS text[]) IS NULL OR s.treaty = ANY (CAST(:treaties AS text[])))
        AND (CAST(:participants AS text[]) IS NULL OR s.participant = ANY (CAST(:participants AS text[])))
        AND (s.known_from, s.treaty COLLATE "C", s.participant COLLATE "C")
            > (CAST(:after_at AS bigint), CAST(:after_treaty AS text), CAST(:after_participant AS text))
      ORDER BY s.known_from, s.treaty COLLATE "C", s.participant COLLATE "C"
      LIMIT CAST(:limit AS int))
    UNION
    (SELECT s.known_to AS at, s.treaty COLLATE "C" AS treaty, s.participant COLLATE "C" AS participant
       FROM projector.standing s
      WHERE s.known_to > CAST(:from_size AS bigint) AND s.known_to >= CAST(:after_at AS bigint)
        AND s.known_to <= CAST(:to_size AS bigint)
        AND (CAST(:treaties AS text[]) IS NULL OR s.treaty = ANY (CAST(:treaties AS text[])))
        AND (CAST(:participants AS text[]) IS NULL OR s.participant = ANY (CAST(:participants AS text[])))
        AND (s.known_to, s.treaty COLLATE "C", s.participant COLLATE "C")
            > (CAST(:after_at AS bigint), CAST(:after_treaty AS text), CAST(:after_participant AS text))
      ORDER BY s.known_to, s.treaty COLLATE "C", s.participant COLLATE "C"
      LIMIT CAST(:limit AS int))
) c
 ORDER BY c.at, c.treaty, c.participant
 LIMIT CAST(:limit AS int)
