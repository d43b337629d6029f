-- Recorded events of a participant, a type or both, by position. Index: events_of_a_participant or events_of_a_type.
SELECT position, version, recorded_at, recorded_by, leaf_hash, event
FROM ledger.events
WHERE position >= $1 AND position < $2
  AND (CAST($4 AS text) IS NULL OR participant = $4)
  AND (CAST($5 AS text) IS NULL OR type = $5)
ORDER BY position
LIMIT $3
