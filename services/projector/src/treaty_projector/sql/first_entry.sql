-- When the log's first entry was recorded. Index: one_entry_per_position.
SELECT e.recorded_at FROM projector.entry e WHERE e.position = 0
