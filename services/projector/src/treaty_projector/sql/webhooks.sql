-- Every webhook, or one, with the state of its current delivery; the oldest first. Indexes: one_webhook_per_name,
-- one_current_delivery_per_webhook and delivery_of_a_webhook.
SELECT w.webhook, w.url, w.treaties, w.participants, w.state, w.made_at, w.emitted_size, w.delivered_size,
       w.delivered_at, w.trouble, coalesce(d.attempts, 0) AS attempts, d.due_at,
       (SELECT count(*) FROM projector.webhook_delivery x WHERE x.webhook = w.webhook AND x.state = 'dead') AS dead
  FROM projector.webhook w
  LEFT JOIN projector.webhook_delivery d ON d.webhook = w.webhook AND d.state = 'current'
 WHERE CAST(:webhook AS text) IS NULL OR w.webhook = CAST(:webhook AS text)
 ORDER BY w.made_at, w.webhook
