"""Keep the read model in two places, so that one can be filled anew while the other answers."""

from pathlib import Path

from migrations.sql_files import execute_file

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    execute_file(Path(__file__).with_suffix(".sql"))
