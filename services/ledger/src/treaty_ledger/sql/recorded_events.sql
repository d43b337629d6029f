-- Recorded events by position, from one on and before another. Index: one_event_per_position.
SELECT position, version, recorded_at, recorded_by, leaf_hash, event
FROM ledger.events
WHERE position >= $1 AND position < $2
ORDER BY position
LIMIT $3
