"""Turn posted bytes into requests to record, or say what is wrong with them."""

from treaty_contracts.canonical import JSON
from treaty_contracts.intake import accept, parse_event
from treaty_contracts.refusals import FieldError, InvalidEvent, Refused
from treaty_contracts.strict_json import parse_json
from treaty_ledger.append.candidates import Candidate, candidate
from treaty_ledger.append.outcomes import Request
from treaty_ledger.errors import MalformedParameter, RefusedInBatch, TooLarge
from treaty_ledger.http.bodies import BATCH_EVENTS, EVENT_BYTES, Line

ONE_EVENT = f"{EVENT_BYTES:,} bytes"
"""How large one event may be, in words."""


def one_event(body: bytes, *, recorded_by: str, expected: int | None = None) -> Request:
    """Return the request that one posted event is; raise what `treaty_contracts.refusals` names."""
    return Request(candidates=(candidate(parse_event(body)),), recorded_by=recorded_by, expected=expected)


def one_line(line: Line, *, recorded_by: str) -> Request | Refused | TooLarge:
    """Return the request that a line is, or what is wrong with it."""
    if line.content is None:
        return TooLarge("A line", ONE_EVENT)
    try:
        return one_event(line.content, recorded_by=recorded_by)
    except Refused as refused:
        return refused


def batch(body: bytes, *, recorded_by: str, expected: int | None) -> Request:
    """Return the request that a posted list of events is; raise for the first event with which something is wrong."""
    values = parse_json(body)
    if not isinstance(values, list) or not values:
        raise InvalidEvent((FieldError("", "post a list of at least one event"),))
    if len(values) > BATCH_EVENTS:
        raise TooLarge("A batch", f"{BATCH_EVENTS:,} events")
    candidates = tuple(_in_batch(index, value) for index, value in enumerate(values))
    if expected is not None and len({one.stream for one in candidates}) > 1:
        raise MalformedParameter("If-Match", "a condition needs events that share one subject")
    return Request(candidates=candidates, recorded_by=recorded_by, expected=expected)


def _in_batch(index: int, value: JSON) -> Candidate:
    try:
        accepted = candidate(accept(value))
    except Refused as refused:
        raise RefusedInBatch(index, refused) from refused
    if len(accepted.content) > EVENT_BYTES:
        raise RefusedInBatch(index, TooLarge("An event", ONE_EVENT))
    return accepted
