"""Remember whose log is followed, and the checkpoint that proves what is applied."""

from pathlib import Path

from migrations.sql_files import execute_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    execute_file(Path(__file__).with_suffix(".sql"))
