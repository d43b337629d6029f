-- What may name treaties to fall with, among the first $1 entries. Reads all of them. Used with the driver's own
-- connection.
SELECT e.stream, e.data
  FROM projector.entry e
 WHERE e.position < $1 AND position(CAST('"falls_with"' AS bytea) IN e.data) > 0
 ORDER BY e.position
