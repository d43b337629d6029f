-- The clocks of a question about an instant: as `clocks` gives them, and the size the log had then. Indexes:
-- one_entry_per_position, entry_by_instant and entry_of_a_stream.
WITH clocks AS MATERIALIZED (
    SELECT c.size, c.ledger_size,
           (SELECT e.recorded_at FROM projector.entry e WHERE e.position = c.size - 1) AS recorded_at,
           (SELECT e.position + 1 FROM projector.entry e
             WHERE e.recorded_at <= CAST(:known_at AS timestamptz) AND e.position < c.size
             ORDER BY e.recorded_at DESC, e.position DESC LIMIT 1) AS size_at
      FROM (SELECT c.size, c.ledger_size FROM projector.cursor c LIMIT 1) c
)
SELECT k.size, k.ledger_size, k.recorded_at, k.size_at,
       (SELECT e.position FROM projector.entry e
         WHERE e.stream = 'participants' AND e.position < k.size_at
         ORDER BY e.position DESC LIMIT 1) AS named_at,
       (SELECT CAST(jsonb_object_agg(q.treaty, jsonb_build_array(q.since, q.reason)) AS text)
          FROM projector.quarantine q) AS quarantined
  FROM clocks k
