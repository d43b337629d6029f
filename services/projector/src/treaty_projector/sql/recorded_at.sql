-- The instant at which the log reached a size. Index: one_entry_per_position.
SELECT e.recorded_at FROM projector.entry e WHERE e.position = CAST(:size AS bigint) - 1
