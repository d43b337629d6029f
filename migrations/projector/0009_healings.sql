-- Which treaties were let out of the quarantine: what was recorded of them meanwhile became known at sizes of the log that
-- webhooks had been told of before. No part of the read model, as webhooks are none.

CREATE TABLE projector.healing (
    number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT one_healing_per_number PRIMARY KEY,
    treaty text NOT NULL,
    since bigint NOT NULL,
    healed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

COMMENT ON TABLE projector.healing IS 'Who was healed: its entries from a position on became known after others that stand behind them.';
COMMENT ON COLUMN projector.healing.since IS 'The position from which on its entries had been left out.';

ALTER TABLE projector.webhook ADD COLUMN told_healing bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN projector.webhook.told_healing IS 'The number of the last healing that was looked through for it.';
