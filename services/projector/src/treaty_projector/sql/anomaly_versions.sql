-- Every anomaly that was ever found in a treaty. Index: one_anomaly_per_size.
SELECT a.treaty, a.position, a.reason, a.participant, a.detail, a.known_from, a.known_to
  FROM projector.anomaly a
 WHERE a.treaty = CAST(:treaty AS text)
 ORDER BY a.position, a.reason, a.participant, a.known_from
