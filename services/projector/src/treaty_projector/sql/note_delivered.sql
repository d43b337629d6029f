-- Forget a delivery that arrived, and let others serve its webhook; who lost the claim notes nothing, and another
-- process delivers it again. Indexes: one_webhook_per_name and one_delivery_per_name.
WITH held AS (
    UPDATE projector.webhook
       SET claimed_until = clock_timestamp(), delivered_at = clock_timestamp(), trouble = NULL,
           delivered_size = greatest(delivered_size, CAST(:to_size AS bigint))
     WHERE webhook = CAST(:webhook AS text) AND fence = CAST(:fence AS bigint)
    RETURNING webhook)
DELETE FROM projector.webhook_delivery d USING held
 WHERE d.webhook = held.webhook AND d.delivery = CAST(:delivery AS text)
