-- Where one participant stands on a day, treaty by treaty, as known at a size. Index: membership_of_a_participant.
SELECT m.treaty, t.title, m.consent, m.document
  FROM projector.membership m
  JOIN projector.treaty t
    ON t.treaty = m.treaty AND t.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < t.known_to
 WHERE m.participant = CAST(:participant AS text) AND m.treaty > CAST(:after AS text)
   AND m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
   AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
 ORDER BY m.treaty
