-- Remember which treaties fall with which, so that both are at hand when one moves. Index: one_fall_per_pair.
INSERT INTO projector.fall (treaty, parent)
SELECT f.treaty, f.parent FROM unnest(CAST(:treaties AS text[]), CAST(:parents AS text[])) AS f(treaty, parent)
ON CONFLICT ON CONSTRAINT one_fall_per_pair DO NOTHING
