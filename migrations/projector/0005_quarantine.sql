-- Treaties whose entries from position `since` on are kept and not folded: their rows are those known at that size.
-- `via` names the treaty with which one falls, where that is the reason.

CREATE TABLE projector.quarantine (
    treaty text NOT NULL CONSTRAINT one_quarantine_per_treaty PRIMARY KEY,
    since bigint NOT NULL CONSTRAINT since_is_a_position CHECK (since >= 0),
    reason text NOT NULL CONSTRAINT reason_is_one_line CHECK (reason <> '' AND reason !~ '[\n\r]'),
    via text
);

-- Counts how often treaties were let out again: what is known at one size grew then without its growing.
ALTER TABLE projector.cursor ADD COLUMN healings bigint NOT NULL DEFAULT 0;
