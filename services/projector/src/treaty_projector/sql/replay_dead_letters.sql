-- Try dead letters again at once: one, those of a webhook, or all; of those only what tells of changes after a size.
-- Indexes: one_delivery_per_name and delivery_of_a_webhook.
UPDATE projector.webhook_delivery d
   SET state = 'replayed', attempts = 0, due_at = clock_timestamp()
 WHERE d.state = 'dead' AND d.to_size >= CAST(:since AS bigint)
   AND (CAST(:name AS text) IS NULL OR d.delivery = CAST(:name AS text) OR d.webhook = CAST(:name AS text))
RETURNING d.delivery
