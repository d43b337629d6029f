-- Remember which treaties fall with which. Index: one_fall_per_pair. Used with the driver's own connection.
INSERT INTO projector.fall (treaty, parent)
SELECT f.treaty, f.parent FROM unnest(CAST($1 AS text[]), CAST($2 AS text[])) AS f(treaty, parent)
ON CONFLICT ON CONSTRAINT one_fall_per_pair DO NOTHING
