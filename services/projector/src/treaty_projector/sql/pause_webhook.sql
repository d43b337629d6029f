-- Let nothing be sent until it is resumed. Index: one_webhook_per_name.
UPDATE projector.webhook SET state = 'paused' WHERE webhook = CAST(:webhook AS text) RETURNING webhook
