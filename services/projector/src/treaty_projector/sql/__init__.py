"""Hold the projector's statements, one to a file, named for its answer."""

from functools import cache
from importlib.resources import files


@cache
def read(name: str) -> str:
    """Return the text of the statement in `<name>.sql`."""
    return files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
