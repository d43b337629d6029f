-- How many entries are stored; those of another generation's worker are not stored again. Index: one_entry_per_position.
SELECT coalesce(max(e.position) + 1, 0) AS size FROM projector.entry e
