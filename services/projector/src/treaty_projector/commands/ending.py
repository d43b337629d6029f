"""End a command in a line that an operator understands."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError

from treaty_projector.errors import ProjectorError


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """Exit with code 1 and a line, in place of a traceback."""
    try:
        yield
    except ValidationError as error:
        wrong = "; ".join(f"{found['loc'][0]}: {found['msg']}" for found in error.errors())
        raise _said(f"a setting is not understood ({wrong})") from error
    except ProjectorError as error:
        raise _said(str(error)) from error


def _said(line: str) -> typer.Exit:
    sys.stderr.write(f"treaty-projector: {line}\n")
    return typer.Exit(1)
