-- Which log is followed and whose keys vouch for it, whatever is made of it; and with the cursor, what was signed over the
-- entries that are applied and, while the ledger shows something else, what that is.

CREATE TABLE projector.log (
    only_row boolean NOT NULL DEFAULT true CONSTRAINT one_log_is_followed PRIMARY KEY CHECK (only_row),
    origin text,
    vkeys text[] NOT NULL DEFAULT '{}',
    CONSTRAINT a_log_that_is_followed_has_keys CHECK ((origin IS NULL) = (vkeys = '{}'))
);
INSERT INTO projector.log DEFAULT VALUES;

ALTER TABLE projector.cursor
    ADD COLUMN checkpoint text,
    ADD COLUMN inconsistency text;
