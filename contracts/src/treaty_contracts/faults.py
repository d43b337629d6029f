"""Turn what a model refuses into errors a person can act on."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from treaty_contracts.canonical import JSON
from treaty_contracts.refusals import FieldError

MAX_ERRORS = 50
"""The most errors reported of one event."""

_Location: TypeAlias = tuple[int | str, ...]

_ADVICE: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda _: "add this field: it is required",
    "extra_forbidden": lambda _: "remove this unknown field",
    "string_type": lambda _: "write a text",
    "string_unicode": lambda _: "remove the lone surrogate: it stands for no character",
    "int_type": lambda _: "write an integer",
    "bool_type": lambda _: "write true or false",
    "tuple_type": lambda _: "write a list",
    "dict_type": lambda _: "write an object",
    "model_type": lambda _: "write an object",
    "literal_error": lambda error: f"use {error['ctx']['expected']}",
    "string_too_long": lambda error: f"write at most {error['ctx']['max_length']} characters",
    "string_too_short": lambda _: "write at least one character",
    "too_long": lambda error: f"list at most {error['ctx']['max_length']}",
    "too_short": lambda error: f"list at least {error['ctx']['min_length']}, or leave the field out",
    "greater_than_equal": lambda error: f"give at least {error['ctx']['ge']}",
    "less_than_equal": lambda error: f"give at most {error['ctx']['le']}",
    "union_tag_invalid": lambda error: f"use one of {error['ctx']['expected_tags']}",
    "union_tag_not_found": lambda _: "add this field: it is required",
}


def explain(error: ValidationError, value: JSON, prefix: str) -> tuple[FieldError, ...]:
    """Return each thing a model refused in a value that stands at `prefix` of the posted event."""
    errors = [found for found in error.errors(include_url=False) if not _is_echo(found)]
    return tuple(FieldError(prefix + _pointer(found, value), _advice(found)) for found in errors[:MAX_ERRORS])


def _is_echo(error: ErrorDetails) -> bool:
    """Tell whether a list was called too short only because its wrong items were not counted."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def _advice(error: ErrorDetails) -> str:
    if error["input"] is None and error["type"] != "missing":
        return "leave the field out: null is no value here"
    advise = _ADVICE.get(error["type"])
    return advise(error) if advise else error["msg"]


def _pointer(error: ErrorDetails, value: JSON) -> str:
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in _steps(error["loc"], value)]
    if error["type"].startswith("union_tag"):
        steps.append("rule")
    if field := error.get("ctx", {}).get("field"):
        steps.append(field)
    return "".join(f"/{step}" for step in steps)


def _steps(location: _Location, value: JSON) -> Iterator[int | str]:
    """Yield the steps that lead through the value, without the union tags a model adds between them."""
    here, may_be_tag = value, True
    for step in location:
        if isinstance(here, list) and isinstance(step, int):
            yield step
            here, may_be_tag = here[step], True
        elif isinstance(here, dict) and isinstance(step, str):
            if may_be_tag and (step == here.get("rule") or (step[:1] == "<" and step not in here)):
                may_be_tag = False
                continue
            yield step
            here, may_be_tag = here.get(step), True
