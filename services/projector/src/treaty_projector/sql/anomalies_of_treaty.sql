-- The facts of one treaty without the effect one might expect, as known at a size. Index: one_anomaly_per_size.
SELECT a.position, a.reason
  FROM projector.anomaly a
 WHERE a.treaty = CAST(:treaty AS text)
   AND a.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < a.known_to
 ORDER BY a.position, a.reason
