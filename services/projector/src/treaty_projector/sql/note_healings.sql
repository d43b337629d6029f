-- Note who was healed, for webhooks to tell.
INSERT INTO projector.healing (treaty, since)
SELECT h.treaty, h.since FROM unnest(CAST(:treaties AS text[]), CAST(:since AS bigint[])) AS h(treaty, since)
 ORDER BY h.treaty
