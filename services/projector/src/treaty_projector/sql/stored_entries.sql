-- What is stored of the entries from one position up to another, in order. Index: one_entry_per_position. Used with the
-- driver's own connection.
SELECT e.participant, e.position, e.recorded_at, e.stream, e.type, e.source, e.schema_version, e.data
  FROM projector.entry e
 WHERE e.position >= $1 AND e.position < $2
 ORDER BY e.position
