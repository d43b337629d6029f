-- Remember how long the ledger said it is, so that answers can state the lag.
UPDATE projector.cursor SET ledger_size = CAST(:ledger_size AS bigint)
 WHERE ledger_size < CAST(:ledger_size AS bigint)
