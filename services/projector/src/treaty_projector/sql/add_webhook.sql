-- Begin a subscription at a size of the log; of whom was healed before, it is told nothing. Indexes: one_webhook_per_name
-- and one_healing_per_number.
INSERT INTO projector.webhook (webhook, url, treaties, participants, secret, emitted_size, told_size, told_healing)
VALUES (CAST(:webhook AS text), CAST(:url AS text), CAST(:treaties AS text[]), CAST(:participants AS text[]),
        CAST(:secret AS text), CAST(:from_size AS bigint), CAST(:from_size AS bigint),
        (SELECT coalesce(max(h.number), 0) FROM projector.healing h))
