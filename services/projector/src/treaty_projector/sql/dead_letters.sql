-- What was given up, the oldest first. Index: delivery_of_a_webhook.
SELECT d.delivery, d.webhook, d.from_size, d.to_size, d.attempts, d.made_at, d.trouble
  FROM projector.webhook_delivery d
 WHERE d.state = 'dead'
 ORDER BY d.made_at, d.from_size, d.delivery
