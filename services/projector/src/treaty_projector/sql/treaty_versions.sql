-- Every what was ever said of a treaty itself. Index: one_treaty_per_size.
SELECT t.treaty, t.known_from, t.known_to, t.title, t.short_title, t.kind, t.in_force_from, t.terminated_on, t.document
  FROM projector.treaty t
 WHERE t.treaty = CAST(:treaty AS text)
 ORDER BY t.known_from
