-- Let others serve a webhook; who claimed it later keeps it. Index: one_webhook_per_name.
UPDATE projector.webhook SET claimed_until = clock_timestamp()
 WHERE webhook = CAST(:webhook AS text) AND fence = CAST(:fence AS bigint)
