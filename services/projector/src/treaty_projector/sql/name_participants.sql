-- Note whom entries name, where an earlier release did not find it. Index: one_entry_per_position. Used with the
-- driver's own connection.
UPDATE projector.entry e
   SET participant = n.participant
  FROM unnest(CAST($1 AS bigint[]), CAST($2 AS text[])) AS n(position, participant)
 WHERE e.position = n.position
