-- Begin a subscription at a size of the log. Index: one_webhook_per_name.
INSERT INTO projector.webhook (webhook, url, treaties, participants, secret, emitted_size, told_size)
VALUES (CAST(:webhook AS text), CAST(:url AS text), CAST(:treaties AS text[]), CAST(:participants AS text[]),
        CAST(:secret AS text), CAST(:from_size AS bigint), CAST(:from_size AS bigint))
