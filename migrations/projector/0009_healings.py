"""Let webhooks tell of treaties that were healed."""

from pathlib import Path

from migrations.sql_files import execute_file

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    execute_file(Path(__file__).with_suffix(".sql"))
