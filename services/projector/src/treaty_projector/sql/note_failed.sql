-- Keep a delivery that did not arrive: for its next attempt after some seconds, or as a dead letter when there is none.
-- Who lost the claim notes nothing. Indexes: one_webhook_per_name and one_delivery_per_name.
WITH held AS (
    UPDATE projector.webhook
       SET claimed_until = clock_timestamp(), trouble = CAST(:trouble AS text),
           state = CASE WHEN CAST(:gone AS boolean) AND state = 'active' THEN 'gone' ELSE state END
     WHERE webhook = CAST(:webhook AS text) AND fence = CAST(:fence AS bigint)
    RETURNING webhook)
UPDATE projector.webhook_delivery d
   SET attempts = d.attempts + 1, trouble = CAST(:trouble AS text),
       state = CASE WHEN CAST(:seconds AS double precision) IS NULL THEN 'dead' ELSE d.state END,
       due_at = clock_timestamp() + coalesce(CAST(:seconds AS double precision), 0) * interval '1 second'
  FROM held
 WHERE d.webhook = held.webhook AND d.delivery = CAST(:delivery AS text)
