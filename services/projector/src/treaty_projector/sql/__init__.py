"""Hold the projector's statements, one to a file, named for its answer.

They name every table in the schema `projector`. Those of the read model lie in a schema for each generation, and which
one is meant the connection says: they reach the database without a schema, to be found by its search path.
"""

import re
from functools import cache
from importlib.resources import files

from sqlalchemy import TextClause, text

_OF_A_GENERATION = re.compile(
    r"\bprojector\.(cursor|fall|treaty|membership|standing|anomaly|quarantine|part|step|worker)\b"
)
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")


@cache
def statement(name: str) -> TextClause:
    """Return the statement in `<name>.sql`."""
    return text(read(name))


@cache
def positional(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement in `<name>.sql` as the driver takes it, and the names of its parameters in order."""
    written = read(name)
    names = tuple(dict.fromkeys(_PARAMETER.findall(written)))
    return _PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", written), names


def read(name: str) -> str:
    """Return the text of the statement in `<name>.sql`."""
    written = files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    return _OF_A_GENERATION.sub(r"\1", written)
