-- Recorded events of one stream by version, which is their order by position too. Index: one_event_per_version.
SELECT position, version, recorded_at, recorded_by, leaf_hash, event
FROM ledger.events
WHERE stream = $6 AND position >= $1 AND position < $2
  AND (CAST($4 AS text) IS NULL OR participant = $4)
  AND (CAST($5 AS text) IS NULL OR type = $5)
ORDER BY version
LIMIT $3
