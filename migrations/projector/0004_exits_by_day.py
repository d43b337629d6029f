"""Read exits in the order of their days, and the treaties of a participant in that of their ids."""

from pathlib import Path

from migrations.sql_files import execute_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    execute_file(Path(__file__).with_suffix(".sql"))
