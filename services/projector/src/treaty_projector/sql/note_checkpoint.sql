-- Remember what proves the entries that are applied, unless more are by now. There is one row.
UPDATE projector.cursor SET checkpoint = CAST(:checkpoint AS text), inconsistency = NULL
 WHERE size = CAST(:size AS bigint)
