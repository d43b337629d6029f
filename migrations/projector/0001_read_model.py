"""Create the bitemporal read model and the projector's own copy of what it applied."""

from pathlib import Path

from migrations.sql_files import execute_file

revision = "0001"
down_revision = None


def upgrade() -> None:
    execute_file(Path(__file__).with_suffix(".sql"))
