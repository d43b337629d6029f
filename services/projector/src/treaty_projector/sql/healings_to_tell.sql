-- Who was healed after a healing, at most a hundred, among some treaties, or all when none are named; only where something
-- was left out that a webhook is past, since it is told of the rest anyway. With them the last healing that this covers.
-- Index: one_healing_per_number.
SELECT CASE WHEN count(*) < 100 THEN (SELECT coalesce(max(l.number), 0) FROM projector.healing l)
            ELSE max(h.number) END AS number,
       max(h.healed_at) AS healed_at,
       array_agg(h.treaty ORDER BY h.number) AS treaties, array_agg(h.since ORDER BY h.number) AS since
  FROM (SELECT h.number, h.treaty, h.since, h.healed_at
          FROM projector.healing h
         WHERE h.number > CAST(:told AS bigint) AND h.since < CAST(:size AS bigint)
           AND (CAST(:treaties AS text[]) = '{}' OR h.treaty = ANY(CAST(:treaties AS text[])))
         ORDER BY h.number LIMIT 100) h
