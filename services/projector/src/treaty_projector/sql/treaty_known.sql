-- One treaty as known at a size. Index: one_treaty_per_size.
SELECT t.treaty, t.title, t.short_title, t.kind, t.in_force_from, t.terminated_on, t.document
  FROM projector.treaty t
 WHERE t.treaty = CAST(:treaty AS text)
   AND t.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < t.known_to
