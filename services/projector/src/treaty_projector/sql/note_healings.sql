-- Note who was healed, for webhooks to tell, where it is the generation that answers: others are not read yet. Index:
-- one_generation_per_number; there is one active generation.
INSERT INTO projector.healing (treaty, since)
SELECT h.treaty, h.since
  FROM unnest(CAST(:treaties AS text[]), CAST(:since AS bigint[])) AS h(treaty, since)
 WHERE EXISTS (SELECT FROM projector.active a JOIN projector.generation g ON g.number = a.generation
                WHERE g.schema = current_schema())
 ORDER BY h.treaty
