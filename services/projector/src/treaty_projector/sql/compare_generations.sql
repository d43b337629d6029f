-- Whose rows differ between blue and green as known at a size, and whether what is known now does, or only what was
-- known before; with how many are equal. Reads everything; hashes are summed, so that no order matters.
WITH stored AS (
    SELECT true AS is_blue, s.treaty, s.participant, s.known_from, s.known_to, hash_record_extended(ROW(CAST('standing' AS text), s.document), 0) AS hash
      FROM projector_blue.standing s
    UNION ALL
    SELECT true, m.treaty, m.participant, m.known_from, m.known_to,
           hash_record_extended(ROW(CAST('membership' AS text), m.valid_from, m.valid_to, m.consent, m.exit_stage, m.document), 0)
      FROM projector_blue.membership m
    UNION ALL
    SELECT true, a.treaty, a.participant, a.known_from, a.known_to,
           hash_record_extended(ROW(CAST('anomaly' AS text), a.position, a.reason, a.detail), 0)
      FROM projector_blue.anomaly a
    UNION ALL
    SELECT true, t.treaty, '', t.known_from, t.known_to,
           hash_record_extended(ROW(CAST('treaty' AS text), t.title, t.short_title, t.kind, t.in_force_from, t.terminated_on, t.document), 0)
      FROM projector_blue.treaty t
    UNION ALL
    SELECT false, s.treaty, s.participant, s.known_from, s.known_to, hash_record_extended(ROW(CAST('standing' AS text), s.document), 0)
      FROM projector_green.standing s
    UNION ALL
    SELECT false, m.treaty, m.participant, m.known_from, m.known_to,
           hash_record_extended(ROW(CAST('membership' AS text), m.valid_from, m.valid_to, m.consent, m.exit_stage, m.document), 0)
      FROM projector_green.membership m
    UNION ALL
    SELECT false, a.treaty, a.participant, a.known_from, a.known_to,
           hash_record_extended(ROW(CAST('anomaly' AS text), a.position, a.reason, a.detail), 0)
      FROM projector_green.anomaly a
    UNION ALL
    SELECT false, t.treaty, '', t.known_from, t.known_to,
           hash_record_extended(ROW(CAST('treaty' AS text), t.title, t.short_title, t.kind, t.in_force_from, t.terminated_on, t.document), 0)
      FROM projector_green.treaty t
), compared AS MATERIALIZED (
    SELECT r.treaty, r.participant,
           sum(CASE WHEN r.is_blue THEN r.hash ELSE -r.hash END) FILTER (WHERE r.known_to > CAST(:size AS bigint)) AS now,
           sum((CASE WHEN r.is_blue THEN 1 ELSE -1 END)
               * hashint8extended(r.hash, r.known_from * 31 + CASE WHEN r.known_to > CAST(:size AS bigint) THEN 0 ELSE r.known_to END)) AS ever
      FROM stored r
     WHERE r.known_from <= CAST(:size AS bigint)
     GROUP BY r.treaty, r.participant
), counted AS (
    SELECT count(*) FILTER (WHERE ever = 0) AS equal, count(*) FILTER (WHERE ever <> 0) AS differing FROM compared
)
SELECT c.equal, c.differing, d.treaty, d.participant, coalesce(d.now, 0) <> 0 AS differs_now
  FROM counted c
  LEFT JOIN (SELECT k.treaty, k.participant, k.now FROM compared k WHERE k.ever <> 0
              ORDER BY k.treaty, k.participant LIMIT CAST(:limit AS int)) d ON true
 ORDER BY d.treaty, d.participant
