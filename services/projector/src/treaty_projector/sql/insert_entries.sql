-- Store entries; those that the worker of another generation stored first are there already. Index: one_entry_per_position.
INSERT INTO projector.entry (position, recorded_at, stream, participant, type, source, schema_version, data)
SELECT * FROM unnest(CAST(:position AS bigint[]), CAST(:recorded_at AS timestamptz[]), CAST(:stream AS text[]),
                     CAST(:participant AS text[]), CAST(:type AS text[]), CAST(:source AS text[]),
                     CAST(:schema_version AS int[]), CAST(:data AS bytea[]))
ON CONFLICT ON CONSTRAINT one_entry_per_position DO NOTHING
