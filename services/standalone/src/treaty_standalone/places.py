"""Find what lies in the checkout beside the packages: the migrations and the bundled histories."""

import os
from pathlib import Path

from treaty_standalone.errors import FolderMissing

_STANDALONE = Path(__file__).resolve().parents[2]


def migrations_ini() -> Path:
    """Return the path of `alembic.ini`; TREATY_MIGRATIONS names its folder when it is not that of the checkout."""
    return _of_the_migrations("alembic.ini")


def roles_script() -> Path:
    """Return the path of the script beside the migrations that makes the roles of the database."""
    return _of_the_migrations("roles.py")


def histories() -> list[Path]:
    """Return the bundled histories by name; TREATY_HISTORIES names their folder when it is not that of the checkout."""
    folder = Path(os.environ.get("TREATY_HISTORIES") or _STANDALONE / "histories")
    found = sorted(folder.glob("*.jsonl"))
    if not found:
        raise FolderMissing("histories (*.jsonl)", folder, variable="TREATY_HISTORIES")
    return found


def _of_the_migrations(name: str) -> Path:
    folder = Path(os.environ.get("TREATY_MIGRATIONS") or _STANDALONE.parents[1] / "migrations")
    if not (folder / name).is_file():
        raise FolderMissing(name, folder, variable="TREATY_MIGRATIONS")
    return folder / name
