"""Let several workers share one projection."""

from pathlib import Path

from migrations.sql_files import execute_in_generations

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    execute_in_generations(Path(__file__).with_suffix(".sql"))
