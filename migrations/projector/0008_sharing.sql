-- Several workers may share one projection: its treaties lie in 64 slices, and each part is one worker's at a time.
-- While they do, the log is cut into steps; the cursor moves once all slices are folded up to the end of a step.

ALTER TABLE cursor ADD COLUMN ahead bigint;
COMMENT ON COLUMN cursor.ahead IS 'up to which size steps are open; NULL while none is';

CREATE TABLE part (
    number smallint CONSTRAINT one_row_per_part PRIMARY KEY CONSTRAINT there_are_65_parts CHECK (number BETWEEN 0 AND 64),
    size bigint NOT NULL DEFAULT 0,
    owner text,
    fence bigint NOT NULL DEFAULT 0,
    lease_until timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON TABLE part IS 'slices 0 to 63 of the treaties, and 64: the reading of the log';
COMMENT ON COLUMN part.size IS 'how far a slice is folded, while steps are open';
COMMENT ON COLUMN part.fence IS 'grows with each claim: what an earlier owner writes is refused';
INSERT INTO part (number) SELECT generate_series(0, 64);

CREATE TABLE step (
    size bigint CONSTRAINT one_step_per_size PRIMARY KEY,
    subtrees bytea[] NOT NULL,
    checkpoint text NOT NULL,
    terms numeric NOT NULL DEFAULT 0,
    slices_done integer NOT NULL DEFAULT 0
);
COMMENT ON COLUMN step.terms IS 'what its entries add to the sum of the digest, as far as they are folded';

CREATE TABLE worker (
    name text CONSTRAINT one_row_per_worker PRIMARY KEY,
    present_until timestamptz NOT NULL
);
