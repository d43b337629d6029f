"""Remember which treaties cannot be folded, and since when."""

from pathlib import Path

from migrations.sql_files import execute_file

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    execute_file(Path(__file__).with_suffix(".sql"))
