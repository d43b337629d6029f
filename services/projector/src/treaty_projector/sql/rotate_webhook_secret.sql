-- Sign with a new secret, and for a while with the one before too. Index: one_webhook_per_name.
UPDATE projector.webhook
   SET previous_secret = secret, secret = CAST(:secret AS text),
       previous_until = clock_timestamp() + CAST(:hours AS double precision) * interval '1 hour'
 WHERE webhook = CAST(:webhook AS text)
RETURNING webhook
