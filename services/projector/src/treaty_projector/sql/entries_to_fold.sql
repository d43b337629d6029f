-- The entries of some streams among the first $2, in order. Index: entry_of_a_stream. Used with the driver's own
-- connection.
SELECT e.position, e.stream, e.type, e.source, e.schema_version, e.data
  FROM projector.entry e
 WHERE e.stream = ANY($1) AND e.position < $2
 ORDER BY e.position
