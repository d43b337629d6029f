-- How far the log is read, which is ahead of what all slices are folded up to while steps are open. Index:
-- one_step_per_size; there is one cursor.
SELECT coalesce(c.ahead, c.size) AS size, coalesce(s.subtrees, c.subtrees) AS subtrees, c.digest_sum, c.ledger_size,
       c.healings, c.ahead, (SELECT count(*) FROM projector.step) AS steps
  FROM projector.cursor c
  LEFT JOIN projector.step s ON s.size = c.ahead
