-- Writes a message into the write-ahead log, so that its commit waits until all before it is as durable as commits are. Index: none.
SELECT pg_logical_emit_message(true, 'treaty-ledger', 'signing')
