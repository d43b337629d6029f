-- The name of the log; no row before it has one. Index: one_log_per_database.
SELECT origin FROM ledger.log WHERE is_the_only_one
