-- In which treaties the standing of one participant changed last between two sizes of the log, the newest first: found
-- treaty by treaty. Indexes: membership_of_a_participant, entry_of_a_participant and one_standing_per_size.
WITH its AS MATERIALIZED (
    SELECT m.treaty FROM projector.membership m WHERE m.participant = CAST(:participant AS text)
    UNION
    SELECT e.stream FROM projector.entry e WHERE e.participant = CAST(:participant AS text)
)
SELECT DISTINCT c.at, i.treaty COLLATE "C" AS treaty, CAST(:participant AS text) COLLATE "C" AS participant
  FROM its i
 CROSS JOIN LATERAL (SELECT s.known_from, s.known_to FROM projector.standing s
                      WHERE s.treaty = i.treaty AND s.participant = CAST(:participant AS text)
                     OFFSET 0) s
 CROSS JOIN LATERAL (VALUES (s.known_from), (s.known_to)) AS c(at)
 WHERE c.at > CAST(:from_size AS bigint) AND c.at <= CAST(:before_at AS bigint)
   AND (c.at, i.treaty COLLATE "C", CAST(:participant AS text) COLLATE "C")
       < (CAST(:before_at AS bigint), CAST(:before_treaty AS text), CAST(:before_participant AS text))
 ORDER BY at DESC, treaty DESC, participant DESC
 LIMIT CAST(:limit AS int)
