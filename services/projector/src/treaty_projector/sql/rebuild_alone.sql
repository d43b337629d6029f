-- Whether nobody else makes, switches or drops a generation until this connection ends, or says so.
SELECT pg_try_advisory_lock(8222)
