-- The treaties that fall with some, or with which some fall, through any number of others, and these themselves.
-- Indexes: one_fall_per_pair and fall_of_a_parent.
WITH RECURSIVE tied (treaty) AS (
    SELECT DISTINCT g.treaty FROM unnest(CAST(:treaties AS text[])) AS g(treaty)
    UNION
    SELECT f.treaty
      FROM tied t
     CROSS JOIN LATERAL (SELECT f.parent AS treaty FROM projector.fall f WHERE f.treaty = t.treaty
                         UNION ALL
                         SELECT f.treaty FROM projector.fall f WHERE f.parent = t.treaty) f
)
SELECT t.treaty FROM tied t ORDER BY t.treaty
