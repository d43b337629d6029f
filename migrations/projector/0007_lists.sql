-- The day by which an exit is listed was read out of the document by the database. The fold, which knows it, writes it
-- from now on: what was generated stays as it is, and nothing is folded anew.
ALTER TABLE membership ALTER COLUMN exit_day DROP EXPRESSION;

-- A release that does not know the column must not leave exits out of the lists without a word.
ALTER TABLE membership ADD CONSTRAINT an_exit_has_its_day CHECK ((exit_stage IS NULL) = (exit_day IS NULL));

COMMENT ON COLUMN membership.exit_day IS
    'The day of the effect; for a signal the day on which it began; infinity for an exit without a day.';

-- Anomalies over everything are read in the order in which they are answered, page by page.
CREATE INDEX anomaly_by_position ON anomaly (position, reason, participant, treaty, known_to, known_from);
