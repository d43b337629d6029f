"""End a command in lines an operator understands."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from treaty_ledger.errors import CannotStart, KeyRefused, Unavailable
from treaty_ledger.settings import Settings


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """Exit with code 1 and a line for each thing that is wrong, in place of a traceback."""
    try:
        yield
    except ValidationError as error:
        sys.exit("\n".join(_setting(error)))
    except (CannotStart, KeyRefused, Unavailable) as error:
        sys.exit(str(error))


def _setting(error: ValidationError) -> list[str]:
    """Return a line for each setting that is missing or wrong."""
    return [
        f"Setting {_variable(str(one['loc'][0]))}: {one['msg']}." if one["loc"] else f"Settings: {one['msg']}."
        for one in error.errors()
    ]


def _variable(name: str) -> str:
    prefix = str(Settings.model_config.get("env_prefix", ""))
    return (f"{prefix}{name}" if name in Settings.model_fields else name).upper()
