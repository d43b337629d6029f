-- The migration the schema is at; fails with undefined_table where there is none. Index: the version table has one row.
SELECT version_num FROM ledger.alembic_version
