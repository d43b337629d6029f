-- Which log is followed, whose keys vouch for it, what was signed over the entries that are applied, and, while the ledger
-- shows something else, what that is.

ALTER TABLE projector.cursor
    ADD COLUMN origin text,
    ADD COLUMN vkeys text[] NOT NULL DEFAULT '{}',
    ADD COLUMN checkpoint text,
    ADD COLUMN inconsistency text,
    ADD CONSTRAINT a_log_that_is_followed_has_keys CHECK ((origin IS NULL) = (vkeys = '{}'));
