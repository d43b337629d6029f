-- Where a webhook leads, and with what to sign. Index: one_webhook_per_name.
SELECT w.url, w.secret,
       CASE WHEN w.previous_until > clock_timestamp() THEN w.previous_secret END AS previous_secret
  FROM projector.webhook w
 WHERE w.webhook = CAST(:webhook AS text)
