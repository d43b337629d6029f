-- The size the log had at an instant: the entries recorded by then. Index: entry_by_instant.
SELECT e.position + 1 AS size
  FROM projector.entry e
 WHERE e.recorded_at <= CAST(:known_at AS timestamptz)
 ORDER BY e.recorded_at DESC, e.position DESC
 LIMIT 1
