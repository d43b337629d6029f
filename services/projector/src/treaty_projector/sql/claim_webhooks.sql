-- Take webhooks for which there is something to do, those first that waited longest; what another process takes at this
-- moment is left to it. Indexes: one_webhook_per_name, one_current_delivery_per_webhook, delivery_of_a_webhook and
-- one_healing_per_number.
WITH due AS (
    SELECT w.webhook
      FROM projector.webhook w
     WHERE w.state = 'active' AND w.claimed_until <= clock_timestamp()
       AND (EXISTS (SELECT 1 FROM projector.webhook_delivery d
                     WHERE d.webhook = w.webhook AND d.state IN ('current', 'replayed') AND d.due_at <= clock_timestamp())
            OR ((w.emitted_size < CAST(:applied AS bigint)
                 OR EXISTS (SELECT 1 FROM projector.healing h
                             WHERE h.number > w.told_healing AND h.since < w.emitted_size
                               AND (w.treaties = '{}' OR h.treaty = ANY(w.treaties))))
                AND NOT EXISTS (SELECT 1 FROM projector.webhook_delivery d
                                 WHERE d.webhook = w.webhook AND d.state = 'current')))
     ORDER BY w.claimed_until, w.webhook
     LIMIT CAST(:limit AS integer)
       FOR UPDATE SKIP LOCKED)
UPDATE projector.webhook w
   SET fence = w.fence + 1, claimed_until = clock_timestamp() + CAST(:seconds AS double precision) * interval '1 second'
  FROM due
 WHERE w.webhook = due.webhook
RETURNING w.webhook, w.fence, w.url, w.treaties, w.participants, w.secret,
          CASE WHEN w.previous_until > clock_timestamp() THEN w.previous_secret END AS previous_secret,
          w.emitted_size, w.within_treaty, w.within_participant, w.told_size, w.told_healing
