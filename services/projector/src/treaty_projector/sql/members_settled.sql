-- Everybody's membership in one treaty on a day, as known at a size or at the newest one, with the clocks of the question
-- as `clocks` settles them: one reading, so that both are of one moment. Indexes: one_entry_per_position,
-- entry_of_a_stream, one_treaty_per_size and membership_of_a_treaty.
SELECT c.size, c.ledger_size,
       (SELECT e.recorded_at FROM projector.entry e
         WHERE e.position = coalesce(CAST(:known_size AS bigint), c.size) - 1) AS recorded_at,
       (SELECT e.position FROM projector.entry e
         WHERE e.stream = 'participants' AND e.position < coalesce(CAST(:known_size AS bigint), c.size)
         ORDER BY e.position DESC LIMIT 1) AS named_at,
       (SELECT CAST(jsonb_object_agg(q.treaty, jsonb_build_array(q.since, q.reason)) AS text)
          FROM projector.quarantine q) AS quarantined,
       EXISTS (SELECT FROM projector.treaty t
                WHERE t.treaty = CAST(:treaty AS text)
                  AND t.known_from <= coalesce(CAST(:known_size AS bigint), c.size)
                  AND coalesce(CAST(:known_size AS bigint), c.size) < t.known_to) AS on_record,
       o.party, o.contracting, o.signatory, o.former, o.pending_exit, o.signalled,
       o.participants, o.stages, o.documents
  FROM (SELECT c.size, c.ledger_size FROM projector.cursor c LIMIT 1) c
 CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE m.consent = 'party') AS party,
           count(*) FILTER (WHERE m.consent = 'contracting') AS contracting,
           count(*) FILTER (WHERE m.consent = 'signatory') AS signatory,
           count(*) FILTER (WHERE m.consent = 'former') AS former,
           count(*) FILTER (WHERE m.exit_stage = ANY(CAST(:pending AS text[]))) AS pending_exit,
           count(*) FILTER (WHERE m.exit_stage = ANY(CAST(:signals AS text[]))) AS signalled,
           array_agg(m.participant) FILTER (WHERE m.is_wanted) AS participants,
           array_agg(m.exit_stage) FILTER (WHERE m.is_wanted) AS stages,
           array_agg(m.document) FILTER (WHERE m.is_wanted) AS documents
      FROM (SELECT m.participant, m.consent, m.exit_stage, m.document,
                   m.consent = ANY(CAST(:consents AS text[])) AND m.participant > CAST(:after AS text) AS is_wanted
              FROM projector.membership m
             WHERE m.treaty = CAST(:treaty AS text)
               AND m.known_from <= coalesce(CAST(:known_size AS bigint), c.size)
               AND coalesce(CAST(:known_size AS bigint), c.size) < m.known_to
               AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
             ORDER BY m.participant) m) o
