-- Where one participant stands on a day, a page of treaties, as known at a size. The pair is compared as one, so that
-- only the index that begins with the participant serves. Indexes: membership_of_a_participant and one_treaty_per_size.
SELECT m.treaty, t.title, m.document
  FROM projector.membership m
  JOIN projector.treaty t
    ON t.treaty = m.treaty AND t.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < t.known_to
 WHERE m.participant = CAST(:participant AS text)
   AND (m.participant, m.treaty) > (CAST(:participant AS text), CAST(:after AS text))
   AND m.consent = ANY(CAST(:consents AS text[]))
   AND m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
   AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
 ORDER BY m.participant, m.treaty
 LIMIT CAST(:limit AS int)
