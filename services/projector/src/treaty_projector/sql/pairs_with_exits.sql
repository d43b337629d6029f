-- A page of those of whom a notice was ever known at a size, with days that reach to a day. Index: exit_of_a_participant.
SELECT DISTINCT m.treaty COLLATE "C" AS treaty, m.participant COLLATE "C" AS participant
  FROM projector.membership m
 WHERE m.exit_stage IS NOT NULL -- what the index holds, which an array of stages does not tell the planner
   AND m.exit_stage = ANY(CAST(:stages AS text[]))
   AND m.known_from <= CAST(:size AS bigint)
   AND m.valid_to >= CAST(:since AS date)
   AND (CAST(:treaty AS text) IS NULL OR m.treaty = CAST(:treaty AS text))
   AND (CAST(:participant AS text) IS NULL OR m.participant = CAST(:participant AS text))
   AND (m.treaty COLLATE "C", m.participant COLLATE "C") > (CAST(:after_treaty AS text), CAST(:after_participant AS text))
 ORDER BY treaty, participant
 LIMIT CAST(:limit AS int)
