-- Who is told of changes, and how far. None of it can be derived again from the log, and none of it belongs to the read
-- model: a read model that is made anew must not tell everything again.

CREATE TABLE projector.webhook (
    webhook text NOT NULL,
    url text NOT NULL,
    treaties text[] NOT NULL,
    participants text[] NOT NULL,
    secret text NOT NULL,
    previous_secret text,
    previous_until timestamptz,
    state text NOT NULL DEFAULT 'active',
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    emitted_size bigint NOT NULL,
    within_treaty text NOT NULL DEFAULT '',
    within_participant text NOT NULL DEFAULT '',
    told_size bigint NOT NULL,
    delivered_size bigint,
    delivered_at timestamptz,
    trouble text,
    fence bigint NOT NULL DEFAULT 0,
    claimed_until timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT one_webhook_per_name PRIMARY KEY (webhook),
    CONSTRAINT state_of_a_webhook_is_known CHECK (state IN ('active', 'paused', 'gone')),
    CONSTRAINT a_previous_secret_ends CHECK ((previous_secret IS NULL) = (previous_until IS NULL)),
    CONSTRAINT emitted_size_is_not_negative CHECK (emitted_size >= 0)
);

COMMENT ON TABLE projector.webhook IS 'Who is told of changes of membership: where, of which, and how far.';
COMMENT ON COLUMN projector.webhook.treaties IS 'Of which treaties; none means of all.';
COMMENT ON COLUMN projector.webhook.participants IS 'Of which participants; none means of all.';
COMMENT ON COLUMN projector.webhook.state IS 'active; paused by the operator; gone: the receiver answered 410.';
COMMENT ON COLUMN projector.webhook.emitted_size IS 'All changes up to this size of the log are looked through, and letters written of those that are wanted.';
COMMENT ON COLUMN projector.webhook.within_treaty IS 'And of those in the entry after it, up to this treaty and participant.';
COMMENT ON COLUMN projector.webhook.told_size IS 'Where the last letter ended, and the next one begins: those are without gaps.';
COMMENT ON COLUMN projector.webhook.fence IS 'Grows with each claim; who holds an older one writes nothing.';
COMMENT ON COLUMN projector.webhook.claimed_until IS 'Until then one process serves it, unless it says earlier that it is done.';

CREATE TABLE projector.webhook_delivery (
    delivery text NOT NULL,
    webhook text NOT NULL,
    from_size bigint NOT NULL,
    to_size bigint NOT NULL,
    body bytea NOT NULL,
    state text NOT NULL DEFAULT 'current',
    attempts integer NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    trouble text,
    CONSTRAINT one_delivery_per_name PRIMARY KEY (delivery),
    CONSTRAINT a_delivery_has_its_webhook FOREIGN KEY (webhook) REFERENCES projector.webhook ON DELETE CASCADE,
    CONSTRAINT state_of_a_delivery_is_known CHECK (state IN ('current', 'dead', 'replayed')),
    CONSTRAINT delivery_covers_no_negative_stretch CHECK (from_size <= to_size)
);

CREATE UNIQUE INDEX one_current_delivery_per_webhook ON projector.webhook_delivery (webhook) WHERE state = 'current';
CREATE INDEX delivery_of_a_webhook ON projector.webhook_delivery (webhook, state, due_at);

COMMENT ON TABLE projector.webhook_delivery IS 'What is not delivered yet, or was given up; a delivered row is removed.';
COMMENT ON COLUMN projector.webhook_delivery.delivery IS 'The header webhook-id, the same at every attempt.';
COMMENT ON COLUMN projector.webhook_delivery.state IS 'current: the next in order; dead: given up; replayed: a dead one that is tried again.';
