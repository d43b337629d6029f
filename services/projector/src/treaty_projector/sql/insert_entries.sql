-- Store entries; those that the worker of another generation stored first are there already. Index:
-- one_entry_per_position.
INSERT INTO projector.entry (position, recorded_at, stream, participant, type, source, schema_version, data)
SELECT n.position, n.recorded_at, n.stream, n.participant, n.type, n.source, n.schema_version, n.data
  FROM unnest(CAST(:position AS bigint[]), CAST(:recorded_at AS timestamptz[]), CAST(:stream AS text[]),
              CAST(:participant AS text[]), CAST(:type AS text[]), CAST(:source AS text[]),
              CAST(:schema_version AS int[]), CAST(:data AS bytea[]))
       AS n(position, recorded_at, stream, participant, type, source, schema_version, data)
ON CONFLICT ON CONSTRAINT one_entry_per_position DO NOTHING
