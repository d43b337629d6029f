"""Keep webhooks and what is still to be delivered to them, beside the read model and not in it."""

from pathlib import Path

from migrations.sql_files import execute_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    execute_file(Path(__file__).with_suffix(".sql"))
