-- Which generation answers, and how far it has come. There is one row.
SELECT g.number, g.schema, g.law,
       CASE g.schema WHEN 'projector_blue' THEN (SELECT b.size FROM projector_blue.cursor b)
                     ELSE (SELECT b.size FROM projector_green.cursor b) END AS size
  FROM projector.active a
  JOIN projector.generation g ON g.number = a.generation
