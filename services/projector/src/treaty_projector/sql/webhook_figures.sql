-- How many webhooks are in each state, how many deliveries were given up, and for how long, in seconds, the active webhook
-- that is furthest behind has waited: since its delivery was written, else since the first entry was recorded that was
-- not looked through for it. Indexes: one_current_delivery_per_webhook and one_entry_per_position.
SELECT count(*) FILTER (WHERE w.state = 'active') AS active,
       count(*) FILTER (WHERE w.state = 'paused') AS paused,
       count(*) FILTER (WHERE w.state = 'gone') AS gone,
       (SELECT count(*) FROM projector.webhook_delivery x WHERE x.state = 'dead') AS dead_letters,
       CAST(extract(epoch FROM clock_timestamp()
                               - min(coalesce(d.made_at, e.recorded_at)) FILTER (WHERE w.state = 'active'))
            AS double precision) AS behind_seconds
  FROM projector.webhook w
  LEFT JOIN projector.webhook_delivery d ON d.webhook = w.webhook AND d.state = 'current'
  LEFT JOIN projector.entry e
    ON e.position = w.emitted_size AND e.position < (SELECT min(c.size) FROM projector.cursor c)
