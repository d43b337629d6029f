-- Every quarantined treaty, by position. Index: one_quarantine_per_treaty.
SELECT q.treaty, q.since, q.reason, q.via FROM projector.quarantine q ORDER BY q.since, q.treaty
