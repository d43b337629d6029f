-- Let the generation here, of which nothing is folded yet, begin at a size that is stored and proven. There is one row.
UPDATE projector.cursor
   SET size = CAST(:size AS bigint), subtrees = CAST(:subtrees AS bytea[]), checkpoint = CAST(:checkpoint AS text),
       ledger_size = greatest(ledger_size, CAST(:size AS bigint))
