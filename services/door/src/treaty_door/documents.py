"""Finish an OpenAPI document: every operation may also be answered at the door."""

from treaty_contracts.problems import PROBLEMS, Problem
from treaty_door.refusals import HEAD_TOO_LARGE, MALFORMED, TIMEOUT, TOO_MANY

PROBLEM_JSON = "application/problem+json"
"""The media type of every error."""

_SCHEMAS = "#/components/schemas/"
_AT_THE_DOOR = sorted({PROBLEMS[name].status for name in (MALFORMED, TIMEOUT, HEAD_TOO_LARGE, TOO_MANY)})


def problems(*statuses: int) -> "dict[int | str, dict[str, object]]":
    """Return how an operation describes the problems of some statuses."""
    return {status: _described(status) for status in statuses}


def finish(document: dict[str, object]) -> dict[str, object]:
    """Describe in a document of FastAPI's what its services answer, in place of FastAPI's own errors."""
    components, paths = document["components"], document["paths"]
    if not isinstance(components, dict) or not isinstance(paths, dict):
        raise TypeError("this is no OpenAPI document of FastAPI's")
    schemas = components["schemas"]
    for own in ("HTTPValidationError", "ValidationError"):
        schemas.pop(own, None)
    schemas["Problem"] = Problem.model_json_schema(ref_template=_SCHEMAS + "{model}")
    schemas |= schemas["Problem"].pop("$defs", {})
    for operations in paths.values():
        for operation in operations.values():
            _finish_responses(operation["responses"])
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _what_an_address_can_say(parameter["schema"])
    return document


def _finish_responses(responses: dict[str, object]) -> None:
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]
    for status in _AT_THE_DOOR:
        responses.setdefault(str(status), _described(status))


def _what_an_address_can_say(schema: dict[str, object]) -> dict[str, object]:
    """Return the schema of a parameter in the words of JSON Schema, and without null, which no address can hold."""
    match schema:
        case {"anyOf": [dict() as inner, {"type": "null"}], **rest}:
            schema = {**inner, **rest}
    words = {"ge": "minimum", "le": "maximum"}
    return {words.get(name, name): value for name, value in schema.items()}


def _described(status: int) -> dict[str, object]:
    names = ", ".join(kind.name for kind in PROBLEMS.values() if kind.status == status)
    return {"description": names, "content": {PROBLEM_JSON: {"schema": {"$ref": _SCHEMAS + "Problem"}}}}
