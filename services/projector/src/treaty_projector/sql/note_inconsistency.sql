-- Remember that the ledger's log contradicts what was proven. There is one row.
UPDATE projector.cursor SET inconsistency = CAST(:says AS text)
 WHERE inconsistency IS DISTINCT FROM CAST(:says AS text)
