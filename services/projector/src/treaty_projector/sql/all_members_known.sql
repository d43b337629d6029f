-- A page of everybody's membership in every treaty on a day, as known at a size, treaty by treaty.
-- Indexes: one_treaty_per_size, membership_of_a_treaty.
SELECT t.treaty, m.participant, m.consent, m.document
  FROM projector.treaty t
 CROSS JOIN LATERAL (
       SELECT p.participant, p.consent, p.document
         FROM projector.membership p
        WHERE p.treaty = t.treaty
          AND p.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < p.known_to
          AND p.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < p.valid_to
          AND (p.treaty, p.participant) > (CAST(:after_treaty AS text), CAST(:after_participant AS text))
        ORDER BY p.participant) m
 WHERE t.treaty >= CAST(:after_treaty AS text)
   AND t.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < t.known_to
 ORDER BY t.treaty, m.participant
 LIMIT CAST(:limit AS int)
