-- Facts without the effect one might expect, as known at a size, by position. Index: anomaly_by_position.
SELECT a.treaty, a.position, a.reason, a.participant, a.detail
  FROM projector.anomaly a
 WHERE a.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < a.known_to
   AND (a.position, a.reason, a.participant, a.treaty)
       > (CAST(:after_position AS bigint), CAST(:after_reason AS text), CAST(:after_participant AS text), CAST(:after_treaty AS text))
 ORDER BY a.position, a.reason, a.participant, a.treaty
 LIMIT CAST(:limit AS int)
