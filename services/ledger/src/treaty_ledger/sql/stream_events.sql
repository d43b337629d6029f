-- The events of one stream, from one version on. Index: one_event_per_version.
SELECT position, version, recorded_at, recorded_by, leaf_hash, event
FROM ledger.events
WHERE stream = $1 AND version >= $2
ORDER BY version
LIMIT $3
