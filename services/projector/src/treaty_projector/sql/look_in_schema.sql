-- Let the statements of this connection find their tables in a schema. Used with the driver's own connection.
SELECT set_config('search_path', $1, false)
