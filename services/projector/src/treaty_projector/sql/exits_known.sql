-- A page of exits in some of the stages on a day, as known at a size, by day of effect, with the treaty's title. A row
-- that ends by the day of its exit holds only on days before that one, so the search begins there; of the others, which
-- are signals and exits that are overdue, there are few. Indexes: membership_by_day_of_exit, membership_past_day_of_exit
-- and one_treaty_per_size.
(SELECT m.exit_day, m.treaty, t.title, m.participant, m.document
   FROM projector.membership m
   JOIN projector.treaty t
     ON t.treaty = m.treaty AND t.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < t.known_to
  WHERE m.exit_day >= m.valid_to AND m.exit_day > CAST(:as_of AS date) AND m.exit_stage = ANY(CAST(:stages AS text[]))
    AND m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
    AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
    AND m.exit_day <= CAST(:before AS date)
    AND (m.exit_day, m.treaty, m.participant)
        > (CAST(:after_day AS date), CAST(:after_treaty AS text), CAST(:after_participant AS text))
  ORDER BY m.exit_day, m.treaty, m.participant
  LIMIT CAST(:limit AS int))
UNION ALL
(SELECT m.exit_day, m.treaty, t.title, m.participant, m.document
   FROM projector.membership m
   JOIN projector.treaty t
     ON t.treaty = m.treaty AND t.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < t.known_to
  WHERE m.exit_day < m.valid_to AND m.exit_stage = ANY(CAST(:stages AS text[]))
    AND m.known_from <= CAST(:size AS bigint) AND CAST(:size AS bigint) < m.known_to
    AND m.valid_from <= CAST(:as_of AS date) AND CAST(:as_of AS date) < m.valid_to
    AND m.exit_day <= CAST(:before AS date)
    AND (m.exit_day, m.treaty, m.participant)
        > (CAST(:after_day AS date), CAST(:after_treaty AS text), CAST(:after_participant AS text))
  ORDER BY m.exit_day, m.treaty, m.participant
  LIMIT CAST(:limit AS int))
 ORDER BY exit_day, treaty, participant
 LIMIT CAST(:limit AS int)
