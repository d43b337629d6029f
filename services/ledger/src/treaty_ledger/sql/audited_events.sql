-- Every column of events from one position on, to be checked against each other. Index: one_event_per_position.
SELECT position, stream, version, source, id, identity, type, participant, supersedes, recorded_at, recorded_by,
       event, content_hash, leaf_hash
FROM ledger.events
WHERE position >= $1
ORDER BY position
LIMIT $2
