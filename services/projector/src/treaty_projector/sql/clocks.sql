-- How many entries are applied; the instant of the last entry that counts; the size the log had at an instant;
-- and who is quarantined, nearly always nobody.
-- Indexes: one_entry_per_position and entry_by_instant.
SELECT c.size, c.ledger_size,
       (SELECT e.recorded_at FROM projector.entry e
         WHERE e.position = coalesce(CAST(:known_size AS bigint), c.size) - 1) AS recorded_at,
       (SELECT e.position + 1 FROM projector.entry e
         WHERE e.recorded_at <= CAST(:known_at AS timestamptz)
         ORDER BY e.recorded_at DESC, e.position DESC LIMIT 1) AS size_at,
       (SELECT CAST(jsonb_object_agg(q.treaty, jsonb_build_array(q.since, q.reason)) AS text)
          FROM projector.quarantine q) AS quarantined
  FROM projector.cursor c
