-- The entries of the log between two sizes, in order. Index: one_entry_per_position.
SELECT e.position, e.stream, e.type, e.source, e.schema_version, e.data
  FROM projector.entry e
 WHERE e.position >= CAST(:start AS bigint) AND e.position < CAST(:end AS bigint)
 ORDER BY e.position
