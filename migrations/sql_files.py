"""Run the SQL file beside a migration."""

from pathlib import Path

from alembic import op
from sqlalchemy import text


def execute_file(path: Path) -> None:
    """Execute every statement of a file, as one script, in the migration's transaction."""
    connection = op.get_bind()
    connection.execute(text("SELECT 1"))  # the driver's adapter begins the transaction with the first statement
    script = path.read_text(encoding="utf-8")
    adapted = connection.connection.dbapi_connection
    if adapted is None:
        raise RuntimeError(path)
    adapted.run_async(lambda driver: driver.execute(script))
