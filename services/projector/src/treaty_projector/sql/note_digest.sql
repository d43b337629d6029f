-- Note the digest of what was filled. There is one row.
UPDATE projector.cursor SET digest_sum = CAST(:digest_sum AS bytea)
