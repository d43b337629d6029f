-- The delivery of a webhook that has waited longest for its next attempt. Index: delivery_of_a_webhook.
SELECT d.delivery, d.from_size, d.to_size, d.body, d.attempts
  FROM projector.webhook_delivery d
 WHERE d.webhook = CAST(:webhook AS text) AND d.state IN ('current', 'replayed') AND d.due_at <= clock_timestamp()
 ORDER BY d.due_at, d.from_size, d.to_size
 LIMIT 1
