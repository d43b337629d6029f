"""Name the problems both services report (RFC 9457), each with its title and status."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True, slots=True)
class ProblemType:
    """Name a kind of problem; `/problems/<name>` explains it."""

    name: str
    title: str
    status: int

    @property
    def uri(self) -> str:
        """Return the reference that identifies the problem type."""
        return f"/problems/{self.name}"


class FieldProblem(BaseModel):
    """Say what is wrong with one value, found by its JSON Pointer (RFC 6901)."""

    model_config = ConfigDict(frozen=True)

    pointer: str
    detail: str


class Problem(BaseModel):
    """Report a problem (RFC 9457); members beyond these are allowed."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: str
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    errors: tuple[FieldProblem, ...] | None = None


_TYPES = (
    ProblemType("malformed-json", "The body is not acceptable JSON", 400),
    ProblemType("malformed-parameter", "A parameter is not understood", 400),
    ProblemType("unauthenticated", "The request names no known principal", 401),
    ProblemType("forbidden", "The principal may not do this", 403),
    ProblemType("not-found", "There is nothing here", 404),
    ProblemType("before-history", "Nothing was recorded by then", 404),
    ProblemType("event-id-conflict", "The event's id is taken by another content", 409),
    ProblemType("treaty-already-registered", "The treaty is already registered", 409),
    ProblemType("already-superseded", "The record is already superseded", 409),
    ProblemType("version-mismatch", "The stream is at another version", 412),
    ProblemType("too-large", "The body is too large", 413),
    ProblemType("unsupported-media-type", "The media type is not accepted here", 415),
    ProblemType("invalid-event", "The event does not follow its schema", 422),
    ProblemType("treaty-not-registered", "The treaty is not registered", 422),
    ProblemType("unknown-participant", "The participant's code is not known", 422),
    ProblemType("unknown-event-type", "The event's type is not in the catalogue", 422),
    ProblemType("too-many-requests", "Too many requests", 429),
    ProblemType("unavailable", "The service cannot answer now", 503),
    ProblemType("projection-behind", "The projection has not applied these entries yet", 503),
    ProblemType("log-inconsistent", "The log contradicts what it showed before", 503),
)

PROBLEMS: Mapping[str, ProblemType] = MappingProxyType({problem.name: problem for problem in _TYPES})
"""Every problem type by its name."""
