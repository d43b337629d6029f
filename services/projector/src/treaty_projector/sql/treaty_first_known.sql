-- The first size of the log at which the treaty was on record. Index: one_treaty_per_size.
SELECT min(t.known_from) AS known_from FROM projector.treaty t WHERE t.treaty = CAST(:treaty AS text)
