-- Send again, and try what waits at once. Indexes: one_webhook_per_name and one_current_delivery_per_webhook.
WITH resumed AS (
    UPDATE projector.webhook SET state = 'active', trouble = NULL
     WHERE webhook = CAST(:webhook AS text) RETURNING webhook),
waiting AS (
    UPDATE projector.webhook_delivery d SET due_at = clock_timestamp(), attempts = 0
      FROM resumed WHERE d.webhook = resumed.webhook AND d.state = 'current')
SELECT r.webhook FROM resumed r
