-- The version a stream is at; no row when it does not exist. Index: one_event_per_version.
SELECT version FROM ledger.events WHERE stream = $1 ORDER BY version DESC LIMIT 1
