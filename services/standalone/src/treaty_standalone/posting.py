"""Post events to the ledger as JSON Lines, and read the answer to each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx
from pydantic import ValidationError

from treaty_contracts.canonical import JsonObject
from treaty_contracts.problems import Problem
from treaty_standalone.client import Service
from treaty_standalone.documents import Line
from treaty_standalone.errors import Unreachable

# A request is answered while it is read: were it longer than the buffers between, each side would wait for the other.
LINES: Final = 500
BYTES: Final = 1_048_576


@dataclass(frozen=True, slots=True)
class Outcome:
    """Say what became of one line, with the ledger's answer in full; without a problem it is recorded."""

    line: int
    answer: JsonObject
    problem: Problem | None

    def rejection(self) -> str:
        """Return the one line that says why this event was rejected; empty when it was not."""
        if self.problem is None:
            return ""
        errors = "; ".join(f"{error.pointer or '/'}: {error.detail}" for error in self.problem.errors or ())
        return f"line {self.line}: {self.problem.title} — {errors or self.problem.detail}"


def post_lines(ledger: Service, lines: Iterable[Line]) -> Iterator[Outcome]:
    """Post the lines in order, and yield what became of each. Raises Refused, Unreachable.

    Posting again after a break is safe: an event that is recorded already is answered with its first receipt.
    """
    for portion in _portions(lines):
        yield from _post(ledger, portion)


def _portions(lines: Iterable[Line]) -> Iterator[list[Line]]:
    portion: list[Line] = []
    size = 0
    for line in lines:
        if portion and (len(portion) == LINES or size + len(line.content) > BYTES):
            yield portion
            portion, size = [], 0
        portion.append(line)
        size += len(line.content)
    if portion:
        yield portion


def _post(ledger: Service, portion: list[Line]) -> Iterator[Outcome]:
    body = b"".join(line.content + b"\n" for line in portion)
    answered = 0
    try:
        with ledger.http.stream(
            "POST",
            ledger.url.rstrip("/") + "/v1/events",
            content=body,
            headers={"Content-Type": "application/jsonl", "Accept": "application/jsonl", **ledger.headers},
        ) as response:
            if response.status_code not in {HTTPStatus.OK, HTTPStatus.CREATED}:
                response.read()
                raise ledger.refusal(response)
            for line, answer in zip(portion, _answers(response), strict=False):
                yield _outcome(line, ledger.read_object(answer))
                answered += 1
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise ledger.unreachable(error) from error
    except ValidationError as error:
        raise Unreachable(ledger.name, ledger.url, reason="what answers there is another service") from error
    if answered < len(portion):
        raise Unreachable(ledger.name, ledger.url, reason=f"it broke off before line {portion[answered].number}")


def _answers(response: httpx.Response) -> Iterator[bytes]:
    """Yield the answer's lines; only a line feed ends one, since JSON may hold other separators as they are."""
    begun = b""
    for piece in response.iter_bytes():
        *lines, begun = (begun + piece).split(b"\n")
        yield from (line for line in lines if line)
    if begun:
        yield begun


def _outcome(line: Line, answer: JsonObject) -> Outcome:
    problem = answer.get("problem")
    found = None if problem is None else Problem.model_validate(problem)
    return Outcome(line.number, {**answer, "line": line.number}, found)
