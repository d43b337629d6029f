-- The facts of one treaty, or of one participant in it, without the effect one might expect, as known at a size, by
-- position. Index: one_anomaly_per_size.
SELECT a.treaty, a.position, a.reason, a.participant, a.detail
  FROM projector.anomaly a
 WHERE a.treaty = CAST(:treaty AS text)
   AND (CAST(:participant AS text) IS NULL OR a.participant = CAST(:participant AS text))
   AND a.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < a.known_to
   AND (a.position, a.reason, a.participant)
       > (CAST(:after_position AS bigint), CAST(:after_reason AS text), CAST(:after_participant AS text))
 ORDER BY a.position, a.reason, a.participant
 LIMIT CAST(:limit AS int)
