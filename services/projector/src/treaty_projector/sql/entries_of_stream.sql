-- The facts of one stream among the first :size entries, in order. Index: entry_of_a_stream.
SELECT e.position, e.type, e.source, e.schema_version, e.data
  FROM projector.entry e
 WHERE e.stream = CAST(:stream AS text) AND e.position < CAST(:size AS bigint)
 ORDER BY e.position
