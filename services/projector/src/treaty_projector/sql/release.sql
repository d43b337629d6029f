-- Let treaties out of the quarantine. Index: one_quarantine_per_treaty.
DELETE FROM projector.quarantine q WHERE q.treaty = ANY(CAST(:treaties AS text[]))
