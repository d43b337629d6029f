-- Let nobody else store entries until the end of this transaction.
SELECT pg_advisory_xact_lock(8221)
