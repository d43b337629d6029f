"""Run a SQL file of many statements."""

from pathlib import Path

from alembic import op
from sqlalchemy import Connection, text

GENERATIONS = ("projector_blue", "projector_green")
"""Where the generations of the read model lie, of which one answers."""


def execute_file(path: Path) -> None:
    """Execute every statement of a file, as one script, in the migration's transaction."""
    execute_script(op.get_bind(), path)


def execute_in_generations(path: Path) -> None:
    """Execute a file that changes the shape of the read model in each generation: its tables have no schema."""
    connection = op.get_bind()
    for schema in GENERATIONS:
        connection.execute(text("SELECT set_config('search_path', :schema, true)"), {"schema": schema})
        execute_script(connection, path)
    connection.execute(text("SET LOCAL search_path TO DEFAULT"))


def execute_script(connection: Connection, path: Path) -> None:
    """Execute every statement of a file, as one script, in the transaction of a connection."""
    connection.execute(text("SELECT 1"))  # the driver's adapter begins the transaction with the first statement
    script = path.read_text(encoding="utf-8")
    adapted = connection.connection.dbapi_connection
    if adapted is None:
        raise RuntimeError(path)
    adapted.run_async(lambda driver: driver.execute(script))
