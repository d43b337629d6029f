-- Begin the generation here at the size of the other one, with what that knows of the log; its digest comes later, and no
-- step is open. There is one row.
INSERT INTO projector.cursor (size, subtrees, digest_sum, ledger_size, applied_at, checkpoint, inconsistency, healings)
SELECT o.size, o.subtrees, o.digest_sum, o.ledger_size, o.applied_at, o.checkpoint, o.inconsistency, o.healings
  FROM (SELECT b.* FROM projector_blue.cursor b WHERE current_schema() = 'projector_green'
        UNION ALL
        SELECT g.* FROM projector_green.cursor g WHERE current_schema() = 'projector_blue') o
