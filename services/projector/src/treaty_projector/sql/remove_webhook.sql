-- End a subscription, with all that is still to be delivered. Index: one_webhook_per_name.
DELETE FROM projector.webhook WHERE webhook = CAST(:webhook AS text) RETURNING webhook
