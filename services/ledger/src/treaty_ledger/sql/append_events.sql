-- Takes the lock that orders all appends, stores the events of one transaction and, at its commit, tells every process the log's new size. Index: all of ledger.events.
-- It reads nothing that was recorded, so that its snapshot may be older than the lock: what would contradict another append is refused by constraints.
WITH locked AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(8214)
), appended AS (
    INSERT INTO ledger.events (
        position, stream, version, source, id, identity, type, participant, supersedes, recorded_at, recorded_by,
        event, content_hash, leaf_hash
    )
    SELECT position, stream, version, source, id, identity, type, participant, supersedes, recorded_at, recorded_by,
           event, content_hash, leaf_hash
    FROM locked CROSS JOIN unnest(
        CAST($1 AS bigint[]), CAST($2 AS text[]), CAST($3 AS integer[]), CAST($4 AS text[]), CAST($5 AS text[]),
        CAST($6 AS bytea[]), CAST($7 AS text[]), CAST($8 AS text[]), CAST($9 AS bigint[]), CAST($10 AS timestamptz[]),
        CAST($11 AS text[]), CAST($12 AS bytea[]), CAST($13 AS bytea[]), CAST($14 AS bytea[])
    ) AS given (
        position, stream, version, source, id, identity, type, participant, supersedes, recorded_at, recorded_by,
        event, content_hash, leaf_hash
    )
)
SELECT pg_notify('ledger_head', CAST(CAST($15 AS bigint) AS text))
