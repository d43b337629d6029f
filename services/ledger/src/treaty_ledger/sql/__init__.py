"""Hold one statement a file, named for its answer."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """Return the statement of `sql/<name>.sql`."""
    return files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
