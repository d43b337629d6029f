-- Every treaty that by any version of its clauses falls with another. Index: one_fall_per_pair.
SELECT f.treaty, f.parent FROM projector.fall f ORDER BY f.treaty, f.parent
