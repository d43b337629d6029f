-- Whether this session may sign from now on, until it ends: one session of all at a time. Index: none, it is a lock.
SELECT pg_try_advisory_lock(8216) AS taken
