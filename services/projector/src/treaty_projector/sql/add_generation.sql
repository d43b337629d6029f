-- Number a new generation, which is not ready, in a schema that is free.
WITH numbered AS (
    UPDATE projector.active SET last_number = last_number + 1 RETURNING last_number
)
INSERT INTO projector.generation (number, schema, law)
SELECT n.last_number, CAST(:schema AS text), CAST(:law AS integer) FROM numbered n
RETURNING number
