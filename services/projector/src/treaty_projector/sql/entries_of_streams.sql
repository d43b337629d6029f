-- What is kept of several streams among the first :size entries, in order. Index: entry_of_a_stream.
SELECT e.position, e.stream, e.type, e.source, e.schema_version, e.data
  FROM projector.entry e
 WHERE e.stream = ANY(CAST(:streams AS text[])) AND e.position < CAST(:size AS bigint)
 ORDER BY e.position
