-- What a worker holds, how far each slice is folded, and where the step ends that it is to fold next, if one is open.
-- Index: one_step_per_size; there are 65 parts.
SELECT p.number, p.fence, p.size,
       CASE WHEN p.number < 64 THEN (SELECT min(s.size) FROM projector.step s WHERE s.size > p.size) END AS step_end
  FROM projector.part p
 WHERE p.owner = CAST(:name AS text) AND p.lease_until > clock_timestamp()
 ORDER BY p.number
