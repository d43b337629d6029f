-- Quarantine treaties; one that is quarantined already is so since the later position. Index: one_quarantine_per_treaty.
INSERT INTO projector.quarantine (treaty, since, reason, via)
SELECT h.treaty, h.since, h.reason, h.via
  FROM unnest(CAST(:treaties AS text[]), CAST(:since AS bigint[]), CAST(:reasons AS text[]), CAST(:via AS text[]))
       AS h(treaty, since, reason, via)
ON CONFLICT ON CONSTRAINT one_quarantine_per_treaty
DO UPDATE SET since = excluded.since, reason = excluded.reason, via = excluded.via
