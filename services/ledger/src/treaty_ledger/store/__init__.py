"""Keep events in PostgreSQL: the only package that speaks to the driver."""
