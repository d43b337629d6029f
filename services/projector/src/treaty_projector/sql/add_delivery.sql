-- Keep a letter until it is delivered. Index: one_current_delivery_per_webhook, which lets no second one be current.
INSERT INTO projector.webhook_delivery (delivery, webhook, from_size, to_size, body)
VALUES (CAST(:delivery AS text), CAST(:webhook AS text), CAST(:from_size AS bigint), CAST(:to_size AS bigint),
        CAST(:body AS bytea))
