-- Takes the lock that orders all appends, then reads what deciding on some events needs (see the function). Index: each of ledger.events.
SELECT kind, identity, stream, position, version, recorded_at, content_hash, leaf_hash, superseded
FROM ledger.lock_and_read(CAST($1 AS bytea[]), CAST($2 AS text[]), CAST($3 AS bigint[]), CAST($4 AS text[]))
