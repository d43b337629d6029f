-- Note how far the record is looked through, and where the last letter ends; no row comes back when another process took the webhook meanwhile.
-- Index: one_webhook_per_name.
UPDATE projector.webhook
   SET emitted_size = CAST(:size AS bigint), within_treaty = CAST(:treaty AS text),
       within_participant = CAST(:participant AS text), told_size = CAST(:told_size AS bigint),
       told_healing = CAST(:told_healing AS bigint)
 WHERE webhook = CAST(:webhook AS text) AND fence = CAST(:fence AS bigint)
RETURNING webhook
