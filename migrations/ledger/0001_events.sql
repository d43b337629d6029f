-- Facts, in the order in which they were recorded. Nothing here is ever changed or removed.

CREATE TABLE ledger.events (
    position     bigint      NOT NULL,
    stream       text        NOT NULL,
    version      integer     NOT NULL,
    source       text        NOT NULL,
    id           text        NOT NULL,
    identity     bytea       NOT NULL,
    type         text        NOT NULL,
    participant  text,
    supersedes   bigint,
    recorded_at  timestamptz NOT NULL,
    recorded_by  text        NOT NULL,
    event        bytea       NOT NULL,
    content_hash bytea       NOT NULL,
    leaf_hash    bytea       NOT NULL,
    CONSTRAINT one_event_per_position PRIMARY KEY (position),
    CONSTRAINT one_event_per_version UNIQUE (stream, version),
    CONSTRAINT one_event_per_source_and_id UNIQUE (identity),
    CONSTRAINT one_supersession_per_position UNIQUE (supersedes),
    CONSTRAINT superseded_position_exists FOREIGN KEY (supersedes) REFERENCES ledger.events (position),
    CONSTRAINT superseded_position_is_earlier CHECK (supersedes < position),
    CONSTRAINT position_is_not_negative CHECK (position >= 0),
    CONSTRAINT version_starts_at_one CHECK (version >= 1),
    CONSTRAINT event_is_not_empty CHECK (octet_length(event) > 0),
    CONSTRAINT identity_is_sha256 CHECK (octet_length(identity) = 32),
    CONSTRAINT content_hash_is_sha256 CHECK (octet_length(content_hash) = 32),
    CONSTRAINT leaf_hash_is_sha256 CHECK (octet_length(leaf_hash) = 32)
);

-- The bytes are read as often as the row and hardly compress: keep them in the row, as they are, when they fit.
ALTER TABLE ledger.events ALTER COLUMN event SET STORAGE EXTERNAL;

CREATE INDEX events_of_a_participant ON ledger.events (participant, position) WHERE participant IS NOT NULL;
CREATE INDEX events_of_a_type ON ledger.events (type, position);
CREATE INDEX registered_participants ON ledger.events (participant) WHERE type = 'participant.registered';

COMMENT ON TABLE ledger.events IS 'Every recorded fact, by position: dense from 0, in commit order, equal to the leaf index of the log.';
COMMENT ON COLUMN ledger.events.stream IS 'The subject: a treaty, or participants.';
COMMENT ON COLUMN ledger.events.identity IS 'SHA-256 of source, NUL, id: both may be too long for an index.';
COMMENT ON COLUMN ledger.events.participant IS 'Whom the fact is about; for participant.registered the code it introduces.';
COMMENT ON COLUMN ledger.events.supersedes IS 'The position that a record.superseded replaces.';
COMMENT ON COLUMN ledger.events.event IS 'The canonical bytes (RFC 8785) of the CloudEvent as it was accepted.';
COMMENT ON COLUMN ledger.events.content_hash IS 'SHA-256 of event: tells a retry from a conflict.';
COMMENT ON COLUMN ledger.events.leaf_hash IS 'RFC 6962 hash of the leaf of the log.';


-- Recorded facts stay as they are, also for the owner and for a replication session: ENABLE ALWAYS.

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'recorded facts are never changed or removed (% on %.%)', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'recorded_facts_stay';
END $$;

CREATE TRIGGER recorded_facts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.events ENABLE ALWAYS TRIGGER recorded_facts_stay;


-- Positions follow each other without a gap, and later positions were recorded later.

CREATE FUNCTION ledger.refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM (SELECT position, recorded_at,
                     lag(position) OVER in_order AS earlier_position,
                     lag(recorded_at) OVER in_order AS earlier_at
              FROM appended WINDOW in_order AS (ORDER BY position)) a
        LEFT JOIN LATERAL (SELECT e.position, e.recorded_at FROM ledger.events e
                           WHERE a.earlier_position IS NULL AND e.position = a.position - 1) b ON true
        WHERE a.position <> coalesce(a.earlier_position, b.position, -1) + 1
           OR a.recorded_at <= coalesce(a.earlier_at, b.recorded_at, '-infinity')
    ) THEN
        RAISE EXCEPTION 'positions are dense and recorded in order'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'positions_are_dense_and_in_order';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER positions_are_dense_and_in_order AFTER INSERT ON ledger.events
    REFERENCING NEW TABLE AS appended FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_gap();
ALTER TABLE ledger.events ENABLE ALWAYS TRIGGER positions_are_dense_and_in_order;


-- Wait for the one lock that orders all appends, then read everything a decision needs.
--
-- VOLATILE, and called under READ COMMITTED: each statement in it takes a snapshot of its own, so that the second one
-- sees what was committed while the first one waited. In one statement the snapshot would be older than the lock.
-- Every part asks for single rows through an index, by a plan made once, whatever the statistics said when it was made.

CREATE FUNCTION ledger.lock_and_read(p_identities bytea[], p_streams text[], p_targets bigint[], p_codes text[])
RETURNS TABLE (
    kind text, identity bytea, stream text, "position" bigint, version integer, recorded_at timestamptz,
    content_hash bytea, leaf_hash bytea, superseded boolean
)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    PERFORM pg_advisory_xact_lock(8214);
    RETURN QUERY
        SELECT 'now', NULL::bytea, NULL, NULL::bigint, NULL::integer, clock_timestamp(), NULL::bytea, NULL::bytea, NULL::boolean
        UNION ALL
        (SELECT 'head', NULL, NULL, e.position, NULL, e.recorded_at, NULL, NULL, NULL
         FROM ledger.events e ORDER BY e.position DESC LIMIT 1)
        UNION ALL
        SELECT 'known', known.identity, known.stream, known.position, known.version, known.recorded_at,
               known.content_hash, known.leaf_hash, NULL
        FROM unnest(p_identities) AS asked (identity)
        CROSS JOIN LATERAL (SELECT e.* FROM ledger.events e WHERE e.identity = asked.identity LIMIT 1) AS known
        UNION ALL
        SELECT 'stream', NULL, asked.stream, NULL, latest.version, NULL, NULL, NULL, NULL
        FROM unnest(p_streams) AS asked (stream)
        CROSS JOIN LATERAL (SELECT e.version FROM ledger.events e WHERE e.stream = asked.stream
                            ORDER BY e.version DESC LIMIT 1) AS latest
        UNION ALL
        SELECT 'target', NULL, target.stream, target.position, NULL, NULL, NULL, NULL,
               EXISTS (SELECT 1 FROM ledger.events s WHERE s.supersedes = target.position)
        FROM unnest(p_targets) AS asked (position)
        CROSS JOIN LATERAL (SELECT e.stream, e.position FROM ledger.events e WHERE e.position = asked.position
                            LIMIT 1) AS target
        UNION ALL
        SELECT 'code', NULL, asked.code, NULL, NULL, NULL, NULL, NULL, NULL
        FROM unnest(p_codes) AS asked (code)
        CROSS JOIN LATERAL (SELECT 1 FROM ledger.events e
                            WHERE e.type = 'participant.registered' AND e.participant = asked.code LIMIT 1) AS registered;
END $$;
