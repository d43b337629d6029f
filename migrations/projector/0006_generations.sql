-- A generation is the whole read model, folded by one version of the law. It lies in one of two schemas, blue and green,
-- whose tables are alike; `projector.active` names the one that answers. What is no conclusion stays in `projector`:
-- the entries, and what was told to others.

CREATE SCHEMA projector_blue;
CREATE SCHEMA projector_green;

CREATE TABLE projector.generation (
    number bigint CONSTRAINT one_generation_per_number PRIMARY KEY CHECK (number > 0),
    schema text NOT NULL CONSTRAINT one_generation_per_schema UNIQUE
        CONSTRAINT schema_is_blue_or_green CHECK (schema IN ('projector_blue', 'projector_green')),
    law integer NOT NULL,
    is_ready boolean NOT NULL DEFAULT false,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    left_at timestamptz
);
COMMENT ON COLUMN projector.generation.is_ready IS 'false while it is filled: nobody answers from it';
COMMENT ON COLUMN projector.generation.left_at IS 'when it ceased to be the active one';

CREATE TABLE projector.active (
    only_row boolean NOT NULL DEFAULT true CONSTRAINT one_generation_is_active PRIMARY KEY CHECK (only_row),
    generation bigint NOT NULL CONSTRAINT active_generation_is_known REFERENCES projector.generation (number),
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_number bigint NOT NULL
);

INSERT INTO projector.generation (number, schema, law, is_ready) VALUES (1, 'projector_blue', 1, true);
INSERT INTO projector.active (generation, last_number) VALUES (1, 1);

-- The rows that were folded so far have digests of an earlier kind: the projector folds its entries once more.
TRUNCATE projector.treaty, projector.membership, projector.standing, projector.anomaly, projector.fall;
UPDATE projector.cursor SET size = DEFAULT, subtrees = DEFAULT, digest_sum = DEFAULT, applied_at = NULL;

DO $$
DECLARE
    moved text;
    made  text;
BEGIN
    FOR moved IN
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = CAST('projector' AS regnamespace) AND c.relkind = 'r'
          AND c.relname IN ('cursor', 'fall', 'treaty', 'membership', 'standing', 'anomaly', 'quarantine')
        ORDER BY c.relname
    LOOP
        EXECUTE format('ALTER TABLE projector.%I SET SCHEMA projector_blue', moved);
        EXECUTE format('CREATE TABLE projector_green.%I (LIKE projector_blue.%I INCLUDING DEFAULTS INCLUDING GENERATED)', moved, moved);
        -- LIKE would name what it copies anew, and the names say what is wrong.
        FOR made IN
            SELECT format('ALTER TABLE projector_green.%I ADD CONSTRAINT %I %s', moved, k.conname, pg_get_constraintdef(k.oid))
            FROM pg_constraint k
            WHERE k.conrelid = CAST(format('projector_blue.%I', moved) AS regclass) AND k.contype IN ('p', 'u', 'c')
            UNION ALL
            SELECT replace(pg_get_indexdef(i.indexrelid), ' ON projector_blue.', ' ON projector_green.')
            FROM pg_index i
            WHERE i.indrelid = CAST(format('projector_blue.%I', moved) AS regclass)
              AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
        LOOP
            EXECUTE made;
        END LOOP;
    END LOOP;
END $$;
INSERT INTO projector_green.cursor DEFAULT VALUES;
