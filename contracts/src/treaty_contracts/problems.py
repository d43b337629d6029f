"""Name the problems both services report (RFC 9457), each with its title and status."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True, slots=True)
class ProblemType:
    """Name a kind of problem and say what it means; `/problems/<name>` shows it."""

    name: str
    title: str
    status: int
    meaning: str

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
    ProblemType(
        "malformed-json",
        "The body is not acceptable JSON",
        400,
        "The body is not JSON in UTF-8, or two readers might read it differently: names given twice, numbers "
        "with fractions, NaN, nesting deeper than 32, lone surrogates. Correct the body and send it again.",
    ),
    ProblemType(
        "malformed-parameter",
        "A parameter is not understood",
        400,
        "A parameter of the query or a header does not have the form it needs. The detail names it and shows the form.",
    ),
    ProblemType(
        "malformed-request",
        "The request is not acceptable HTTP",
        400,
        "The bytes are not one HTTP/1.1 request that every reader understands alike: two lengths, a folded line, a "
        "header given twice, a chunk without a size. The connection is closed.",
    ),
    ProblemType(
        "unauthenticated",
        "The request names no known principal",
        401,
        "This request needs a credential, and the one given is absent, unknown or expired.",
    ),
    ProblemType(
        "forbidden",
        "The principal may not do this",
        403,
        "The credential is valid, but its holder may not do what was asked.",
    ),
    ProblemType(
        "not-found",
        "There is nothing here",
        404,
        "The address is well formed, but nothing has been recorded under it.",
    ),
    ProblemType(
        "before-history",
        "Nothing was recorded by then",
        404,
        "known_at lies before the first record, so nothing was known at all. Ask for a later instant.",
    ),
    ProblemType(
        "request-timeout",
        "The request did not arrive in time",
        408,
        "A head has ten seconds to arrive, and a body as long for each next KiB, unless the operator set other times. "
        "The connection is closed; send the request again on another one.",
    ),
    ProblemType(
        "event-id-conflict",
        "The event's id is taken by another content",
        409,
        "An event with the same source and id was recorded with other content. A retry repeats the content "
        "exactly; another fact needs another id.",
    ),
    ProblemType(
        "treaty-already-registered",
        "The treaty is already registered",
        409,
        "A treaty's stream starts with treaty.registered, once. To correct the registration, supersede its record.",
    ),
    ProblemType(
        "already-superseded",
        "The record is already superseded",
        409,
        "Another record.superseded names the same position. To correct it again, supersede its successor.",
    ),
    ProblemType(
        "version-mismatch",
        "The stream is at another version",
        412,
        "If-Match or If-None-Match names a version at which the stream is not. Read the stream, decide again,"
        " and send the new version.",
    ),
    ProblemType(
        "too-large",
        "The body is too large",
        413,
        "An event may have 60 KiB, a batch 1,000 events and 5 MiB. Send longer lists as application/jsonl.",
    ),
    ProblemType(
        "unsupported-media-type",
        "The media type is not accepted here",
        415,
        "Send application/cloudevents+json, application/json, application/cloudevents-batch+json or application/jsonl.",
    ),
    ProblemType(
        "invalid-event",
        "The event does not follow its schema",
        422,
        "Each of the errors names a place in the event by its JSON Pointer and says what to change there.",
    ),
    ProblemType(
        "treaty-not-registered",
        "The treaty is not registered",
        422,
        "The subject names a treaty of which no treaty.registered has been recorded. Register the treaty first.",
    ),
    ProblemType(
        "unknown-participant",
        "The participant's code is not known",
        422,
        "The code is neither in ISO 3166 nor in the list of organisations, and no participant.registered "
        "introduced it.",
    ),
    ProblemType(
        "unknown-event-type",
        "The event's type is not in the catalogue",
        422,
        "The types that can be recorded are listed at /v1/schemas.",
    ),
    ProblemType(
        "too-many-requests",
        "Too many requests",
        429,
        "The sender asks more often than it may. Wait as long as Retry-After says.",
    ),
    ProblemType(
        "head-too-large",
        "The head of the request is too large",
        431,
        "The request line and the headers may have 16 KiB together. Send fewer or shorter ones.",
    ),
    ProblemType(
        "unavailable",
        "The service cannot answer now",
        503,
        "The service is overloaded or cannot reach its database. Try again after Retry-After: an event posted "
        "again with the same id is recorded once.",
    ),
    ProblemType(
        "projection-behind",
        "The projection has not applied these entries yet",
        503,
        "min_size asks for entries that the projector has not applied yet. Try again after Retry-After.",
    ),
    ProblemType(
        "log-inconsistent",
        "The log contradicts what it showed before",
        503,
        "What the log shows now does not extend what it showed before, so no answer is given that rests on "
        "it. An operator has to look.",
    ),
)

PROBLEMS: Mapping[str, ProblemType] = MappingProxyType({problem.name: problem for problem in _TYPES})
"""Every problem type by its name."""
