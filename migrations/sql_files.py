"""Run a SQL file of many statements."""

from pathlib import Path

from alembic import op
from sqlalchemy import Connection, text


def execute_file(path: Path) -> None:
    """Execute every statement of a file, as one script, in the migration's transaction."""
    execute_script(op.get_bind(), path)


def execute_script(connection: Connection, path: Path) -> None:
    """Execute every statement of a file, as one script, in the transaction of a connection."""
    connection.execute(text("SELECT 1"))  # the driver's adapter begins the transaction with the first statement
    script = path.read_text(encoding="utf-8")
    adapted = connection.connection.dbapi_connection
    if adapted is None:
        raise RuntimeError(path)
    adapted.run_async(lambda driver: driver.execute(script))
