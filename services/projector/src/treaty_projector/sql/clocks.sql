-- How many entries are applied, the instant of the last entry that counts, the last entry about participants that does,
-- and who is quarantined, nearly always nobody; a size that is not given is the newest. Indexes: one_entry_per_position and entry_of_a_stream.
SELECT c.size, c.ledger_size,
       (SELECT e.recorded_at FROM projector.entry e
         WHERE e.position = coalesce(CAST(:known_size AS bigint), c.size) - 1) AS recorded_at,
       (SELECT e.position FROM projector.entry e
         WHERE e.stream = 'participants' AND e.position < coalesce(CAST(:known_size AS bigint), c.size)
         ORDER BY e.position DESC LIMIT 1) AS named_at,
       (SELECT CAST(jsonb_object_agg(q.treaty, jsonb_build_array(q.since, q.reason)) AS text)
          FROM projector.quarantine q) AS quarantined
  FROM (SELECT c.size, c.ledger_size FROM projector.cursor c LIMIT 1) c
