"""Hold the projector's statements, one to a file, named for its answer."""

from functools import cache
from importlib.resources import files

from sqlalchemy import TextClause, text


@cache
def statement(name: str) -> TextClause:
    """Return the statement in `<name>.sql`."""
    return text(files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8"))
