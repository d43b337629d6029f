-- Let others make, switch and drop generations.
SELECT pg_advisory_unlock(8222)
