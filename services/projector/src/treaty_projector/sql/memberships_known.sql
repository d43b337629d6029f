-- A page of every membership that was known at some size up to :size, with the instants at which it came to be known
-- and ceased to be. Indexes: one_membership_per_day_and_size, one_entry_per_position.
SELECT m.treaty, m.participant, m.valid_from, nullif(m.valid_to, CAST('infinity' AS date)) AS valid_to, m.known_from,
       l.position + 1 AS known_to, m.document, f.recorded_at AS known_from_at, l.recorded_at AS known_to_at
  FROM (SELECT p.treaty, p.participant, p.valid_from, p.valid_to, p.known_from, p.known_to, p.document
          FROM projector.membership p
         WHERE (CAST(:treaty AS text) IS NULL OR p.treaty = CAST(:treaty AS text))
           AND p.known_from <= CAST(:size AS bigint)
           AND (p.treaty, p.participant, p.valid_from, p.known_from)
               > (CAST(:after_treaty AS text), CAST(:after_participant AS text),
                  CAST(:after_valid_from AS date), CAST(:after_known_from AS bigint))
         ORDER BY p.treaty, p.participant, p.valid_from, p.known_from
         LIMIT CAST(:limit AS int)) m
  LEFT JOIN projector.entry f ON f.position = m.known_from - 1
  LEFT JOIN projector.entry l ON l.position = m.known_to - 1 AND m.known_to <= CAST(:size AS bigint)
 ORDER BY m.treaty, m.participant, m.valid_from, m.known_from
