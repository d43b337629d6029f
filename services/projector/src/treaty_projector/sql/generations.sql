-- Every generation of the read model, with how far it has come. There are two at most.
SELECT g.number, g.schema, g.law, g.is_ready, a.generation IS NOT NULL AS is_active, c.size, c.digest_sum,
       g.made_at, g.left_at
  FROM projector.generation g
  LEFT JOIN projector.active a ON a.generation = g.number
 CROSS JOIN LATERAL (
    SELECT b.size, b.digest_sum FROM projector_blue.cursor b WHERE g.schema = 'projector_blue'
    UNION ALL
    SELECT b.size, b.digest_sum FROM projector_green.cursor b WHERE g.schema = 'projector_green'
 ) c
 ORDER BY g.number
