-- How many events are recorded. Index: one_event_per_position.
SELECT coalesce((SELECT position + 1 FROM ledger.events ORDER BY position DESC LIMIT 1), 0) AS size
