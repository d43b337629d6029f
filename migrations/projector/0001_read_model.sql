-- Everything the projector knows. `valid_*` are legal days, `known_*` are sizes of the log: a row holds for a log of
-- `known_from` entries up to, not including, `known_to` entries. Scalar columns under a covering B-tree read faster
-- than ranges under GiST, and build much faster.

CREATE TABLE projector.cursor (
    only_row boolean NOT NULL DEFAULT true CONSTRAINT there_is_one_cursor PRIMARY KEY CHECK (only_row),
    size bigint NOT NULL DEFAULT 0 CONSTRAINT size_is_not_negative CHECK (size >= 0),
    subtrees bytea[] NOT NULL DEFAULT '{}',
    digest_sum bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CONSTRAINT sum_has_32_bytes CHECK (length(digest_sum) = 32),
    ledger_size bigint NOT NULL DEFAULT 0,
    applied_at timestamptz
);
INSERT INTO projector.cursor DEFAULT VALUES;

CREATE TABLE projector.entry (
    position bigint CONSTRAINT one_entry_per_position PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    stream text NOT NULL,
    participant text,
    type text NOT NULL,
    source text NOT NULL,
    schema_version integer NOT NULL,
    data bytea NOT NULL
);
CREATE INDEX entry_of_a_stream ON projector.entry (stream, position);
CREATE INDEX entry_of_a_participant ON projector.entry (participant, stream) WHERE participant IS NOT NULL;
CREATE INDEX entry_by_instant ON projector.entry (recorded_at, position);

-- Which treaties fall with which, by any version of their clauses: they are folded together.
CREATE TABLE projector.fall (
    treaty text NOT NULL,
    parent text NOT NULL,
    CONSTRAINT one_fall_per_pair PRIMARY KEY (treaty, parent)
);

CREATE TABLE projector.treaty (
    treaty text NOT NULL,
    known_from bigint NOT NULL,
    known_to bigint NOT NULL DEFAULT 9223372036854775807,
    title text NOT NULL,
    short_title text,
    kind text NOT NULL,
    in_force_from date,
    terminated_on date,
    document bytea NOT NULL,
    CONSTRAINT one_treaty_per_size PRIMARY KEY (treaty, known_from),
    CONSTRAINT knowledge_of_a_treaty_is_not_empty CHECK (known_from < known_to)
);

CREATE TABLE projector.membership (
    treaty text NOT NULL,
    participant text NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL DEFAULT 'infinity',
    known_from bigint NOT NULL,
    known_to bigint NOT NULL DEFAULT 9223372036854775807,
    consent text NOT NULL,
    exit_stage text,
    document bytea NOT NULL,
    CONSTRAINT one_membership_per_day_and_size PRIMARY KEY (treaty, participant, valid_from, known_from),
    CONSTRAINT period_is_not_empty CHECK (valid_from < valid_to),
    CONSTRAINT knowledge_of_a_membership_is_not_empty CHECK (known_from < known_to)
);
CREATE INDEX membership_of_a_treaty ON projector.membership (treaty, known_to, valid_to, known_from, valid_from);
CREATE INDEX membership_of_a_participant ON projector.membership (participant, known_to, valid_to);
CREATE INDEX membership_with_an_exit ON projector.membership (known_to, valid_to, valid_from, known_from)
    WHERE exit_stage IS NOT NULL;

CREATE TABLE projector.standing (
    treaty text NOT NULL,
    participant text NOT NULL,
    known_from bigint NOT NULL,
    known_to bigint NOT NULL DEFAULT 9223372036854775807,
    document bytea NOT NULL,
    CONSTRAINT one_standing_per_size PRIMARY KEY (treaty, participant, known_from),
    CONSTRAINT knowledge_of_a_standing_is_not_empty CHECK (known_from < known_to)
);

CREATE INDEX standing_by_known_from ON projector.standing (known_from);
CREATE INDEX standing_by_known_to ON projector.standing (known_to);

CREATE TABLE projector.anomaly (
    treaty text NOT NULL,
    position bigint NOT NULL,
    reason text NOT NULL,
    participant text NOT NULL DEFAULT '',
    detail text NOT NULL,
    known_from bigint NOT NULL,
    known_to bigint NOT NULL DEFAULT 9223372036854775807,
    CONSTRAINT one_anomaly_per_size PRIMARY KEY (treaty, position, reason, participant, known_from),
    CONSTRAINT knowledge_of_an_anomaly_is_not_empty CHECK (known_from < known_to)
);
