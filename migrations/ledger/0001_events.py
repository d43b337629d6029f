"""Create the table of events, what keeps it append-only, and the statement that appends under one lock."""

from pathlib import Path

from migrations.sql_files import execute_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    execute_file(Path(__file__).with_suffix(".sql"))
