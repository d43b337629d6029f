-- How many of the first $1 entries each treaty has. Index: entry_of_a_stream. Used with the driver's own connection.
SELECT e.stream, count(*) AS entries
  FROM projector.entry e
 WHERE e.position < $1 AND e.stream <> 'participants'
 GROUP BY e.stream
 ORDER BY e.stream
