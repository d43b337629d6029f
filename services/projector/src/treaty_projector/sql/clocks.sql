-- How many entries are applied; the instant of the last entry that counts; the size the log had at an instant; the last
-- entry about participants that counts; and who is quarantined, nearly always nobody. Indexes: one_entry_per_position, entry_by_instant and entry_of_a_stream.
WITH clocks AS MATERIALIZED (
    SELECT c.size, c.ledger_size,
           (SELECT e.recorded_at FROM projector.entry e
             WHERE e.position = coalesce(CAST(:known_size AS bigint), c.size) - 1) AS recorded_at,
           (SELECT e.position + 1 FROM projector.entry e
             WHERE e.recorded_at <= CAST(:known_at AS timestamptz)
             ORDER BY e.recorded_at DESC, e.position DESC LIMIT 1) AS size_at
      FROM projector.cursor c
     WHERE c.only_row
), settled AS MATERIALIZED (
    SELECT k.size, k.ledger_size, k.recorded_at, k.size_at,
           CASE WHEN CAST(:known_at AS timestamptz) IS NULL THEN coalesce(CAST(:known_size AS bigint), k.size)
                ELSE k.size_at END AS known_size
      FROM clocks k
)
SELECT s.size, s.ledger_size, s.recorded_at, s.size_at,
       (SELECT e.position FROM projector.entry e
         WHERE e.stream = 'participants' AND e.position < s.known_size
         ORDER BY e.position DESC LIMIT 1) AS named_at,
       (SELECT CAST(jsonb_object_agg(q.treaty, jsonb_build_array(q.since, q.reason)) AS text)
          FROM projector.quarantine q) AS quarantined
  FROM settled s
