"""Hold the projector's statements, one to a file, named for its answer."""

import re
from functools import cache
from importlib.resources import files

from sqlalchemy import TextClause, text

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")


@cache
def statement(name: str) -> TextClause:
    """Return the statement in `<name>.sql`."""
    return text(_read(name))


@cache
def positional(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement in `<name>.sql` as the driver takes it, and the names of its parameters in order."""
    written = _read(name)
    names = tuple(dict.fromkeys(_PARAMETER.findall(written)))
    return _PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", written), names


def _read(name: str) -> str:
    return files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
