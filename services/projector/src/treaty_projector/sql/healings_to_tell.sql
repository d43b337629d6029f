-- Who was healed after a healing, the earliest first, among some treaties, or all when none are named, and where nothing
-- stands ahead of a webhook that it will be told anyway. Index: one_healing_per_number.
SELECT max(h.number) AS number, max(h.healed_at) AS healed_at,
       array_agg(h.treaty ORDER BY h.number) AS treaties, array_agg(h.since ORDER BY h.number) AS since
  FROM (SELECT h.number, h.treaty, h.since, h.healed_at
          FROM projector.healing h
         WHERE h.number > CAST(:told AS bigint) AND h.since < CAST(:size AS bigint)
           AND (CAST(:treaties AS text[]) = '{}' OR h.treaty = ANY(CAST(:treaties AS text[])))
         ORDER BY h.number LIMIT 100) h
