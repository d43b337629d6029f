-- The treaties in which one of the participants acted, also according to the correction of a record. Index:
-- entry_of_a_participant.
SELECT DISTINCT e.stream
  FROM projector.entry e
 WHERE e.participant = ANY(CAST(:participants AS text[]))
 ORDER BY e.stream
