-- Lists over everything are read in the order in which they are answered, page by page: exits by their day, the treaties
-- of a participant by their id.

-- The day by which an exit is listed: that of its effect; a signal has none and is listed by when it began, and what has
-- no day at all comes last. The document is canonical JSON, in which the first `since` is that of the exit.
ALTER TABLE projector.membership ADD COLUMN exit_day date GENERATED ALWAYS AS (
    CASE WHEN exit_stage IS NULL THEN NULL
         ELSE coalesce(
             make_date(CAST(substring(encode(document, 'escape') FROM '"effective_on":"(\d{4})-\d{2}-\d{2}"') AS integer),
                       CAST(substring(encode(document, 'escape') FROM '"effective_on":"\d{4}-(\d{2})-\d{2}"') AS integer),
                       CAST(substring(encode(document, 'escape') FROM '"effective_on":"\d{4}-\d{2}-(\d{2})"') AS integer)),
             CASE WHEN exit_stage IN ('announced', 'domestic') THEN
             make_date(CAST(substring(encode(document, 'escape') FROM '"since":"(\d{4})-\d{2}-\d{2}"') AS integer),
                       CAST(substring(encode(document, 'escape') FROM '"since":"\d{4}-(\d{2})-\d{2}"') AS integer),
                       CAST(substring(encode(document, 'escape') FROM '"since":"\d{4}-\d{2}-(\d{2})"') AS integer))
             END,
             'infinity') END) STORED;

CREATE INDEX membership_by_day_of_exit ON projector.membership
    (exit_day, treaty, participant, known_to, valid_to, known_from, valid_from, exit_stage) WHERE exit_day >= valid_to;
CREATE INDEX membership_past_day_of_exit ON projector.membership
    (exit_day, treaty, participant, known_to, valid_to, known_from, valid_from, exit_stage) WHERE exit_day < valid_to;

CREATE INDEX exit_of_a_participant ON projector.membership
    (participant, exit_day, treaty, known_to) WHERE exit_stage IS NOT NULL;

DROP INDEX projector.membership_of_a_participant;
CREATE INDEX membership_of_a_participant ON projector.membership (participant, treaty, known_to, consent);

-- In what words are sought, in lower case.
ALTER TABLE projector.treaty ADD COLUMN sought text GENERATED ALWAYS AS (
    lower(treaty || ' ' || title || coalesce(' ' || short_title, ''))) STORED;

CREATE INDEX fall_of_a_parent ON projector.fall (parent);
