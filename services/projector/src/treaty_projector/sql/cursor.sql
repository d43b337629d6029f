-- How far the projector has come, and what proves it. There is one row.
SELECT c.size, c.subtrees, c.digest_sum, c.ledger_size, c.healings, c.checkpoint, c.inconsistency, c.ahead,
       (SELECT e.recorded_at FROM projector.entry e WHERE e.position = c.size - 1) AS recorded_at
  FROM projector.cursor c
