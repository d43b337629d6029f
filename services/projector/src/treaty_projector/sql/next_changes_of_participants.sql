-- In which treaties the standing of some participants changed next between two sizes of the log, the earliest first:
-- found treaty by treaty. Indexes: membership_of_a_participant, entry_of_a_participant and one_standing_per_size.
WITH its AS MATERIALIZED (
    SELECT m.treaty, m.participant FROM projector.membership m
     WHERE m.participant = ANY (CAST(:participants AS text[]))
    UNION
    SELECT e.stream, e.participant FROM projector.entry e WHERE e.participant = ANY (CAST(:participants AS text[]))
)
SELECT DISTINCT c.at, i.treaty COLLATE "C" AS treaty, i.participant COLLATE "C" AS participant
  FROM its i
 CROSS JOIN LATERAL (SELECT s.known_from, s.known_to FROM projector.standing s
                      WHERE s.treaty = i.treaty AND s.participant = i.participant
                     OFFSET 0) s
 CROSS JOIN LATERAL (VALUES (s.known_from), (s.known_to)) AS c(at)
 WHERE c.at > CAST(:from_size AS bigint) AND c.at <= CAST(:to_size AS bigint)
   AND (c.at, i.treaty COLLATE "C", i.participant COLLATE "C")
       > (CAST(:after_at AS bigint), CAST(:after_treaty AS text), CAST(:after_participant AS text))
 ORDER BY at, treaty, participant
 LIMIT CAST(:limit AS int)
