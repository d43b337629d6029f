-- Hashes of leaves from one position on, as they were stored. Index: one_event_per_position.
SELECT leaf_hash AS hash FROM ledger.events WHERE position >= $1 AND position < $2 ORDER BY position
