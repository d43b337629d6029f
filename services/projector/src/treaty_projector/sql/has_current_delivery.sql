-- Whether something written is not delivered yet. Index: one_current_delivery_per_webhook.
SELECT EXISTS (SELECT 1 FROM projector.webhook_delivery d
                WHERE d.webhook = CAST(:webhook AS text) AND d.state = 'current') AS has_current
