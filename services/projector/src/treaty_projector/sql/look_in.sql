-- Let the statements of this transaction find their tables in a schema.
SELECT set_config('search_path', CAST(:schema AS text), true)
