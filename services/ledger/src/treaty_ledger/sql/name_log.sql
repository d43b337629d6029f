-- Gives the log its name, unless it has one. Index: one_log_per_database.
INSERT INTO ledger.log (origin) VALUES ($1) ON CONFLICT DO NOTHING
