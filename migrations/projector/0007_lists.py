"""Let the projector write by which day an exit is listed, and read anomalies over everything in their order."""

from pathlib import Path

from migrations.sql_files import execute_in_generations

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    execute_in_generations(Path(__file__).with_suffix(".sql"))
