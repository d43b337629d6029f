"""Post events in each of the ways there are, and say what came of them in the terms of a history."""

import asyncio
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import httpx
from faults.history import Outcome, Receipt
from faults.recorder import Recorder

from treaty_contracts.canonical import JsonObject, canonical_bytes

OPEN = "The database stopped answering while this was being recorded"
"""How the only 503 begins that leaves it open whether something was recorded."""

_OK, _CONFLICT, _UNAVAILABLE = 200, 409, 503


def name_of(event: JsonObject) -> str:
    """Return the name of an event in histories: its id, and which content it has."""
    return f"{event['id']}#{sha256(canonical_bytes(event)).hexdigest()[:8]}"


@dataclass(slots=True)
class Poster:
    """Post to one ledger, and write down what it answers."""

    client: httpx.AsyncClient
    recorder: Recorder
    ledger: str

    async def one(self, event: JsonObject, *, seconds: float | None = None) -> Outcome:
        """Post one event, and hang up after so many seconds; return what came of it."""
        return await self._whole([event], "application/cloudevents+json", json.dumps(event), seconds=seconds)

    async def batch(self, events: list[JsonObject]) -> Outcome:
        """Post events that are recorded as a whole or not at all; return what came of them."""
        return await self._whole(events, "application/cloudevents-batch+json", json.dumps(events))

    async def lines(self, events: list[JsonObject]) -> list[JsonObject]:
        """Post JSON Lines; return the events that were not acknowledged."""
        left, silent = list(events), list(events)
        began, told = time.monotonic(), "no answer"
        content = "".join(json.dumps(event) + "\n" for event in events)
        headers = {"Content-Type": "application/jsonl"}
        try:
            async with self.client.stream("POST", self._address, content=content, headers=headers) as answer:
                if answer.status_code != _OK:
                    await answer.aread()
                    silent.clear()
                    for event in events:
                        self._not_acknowledged([event], began, answer)
                    return left
                async for line in answer.aiter_lines():
                    self._line(left, silent, events, json.loads(line), began=began)
        except httpx.TransportError as error:
            told = repr(error)
        finally:  # also where the writer is stopped meanwhile
            for event in silent:
                self.recorder.add((name_of(event),), began, "unknown", told=told)
        return left

    async def conflicting(self, event: JsonObject) -> None:
        """Post another content under a name that is taken: it must be refused."""
        began = time.monotonic()
        try:
            answer = await self.client.post(
                self._address, content=json.dumps(event), headers={"Content-Type": "application/cloudevents+json"}
            )
        except httpx.TransportError:
            return  # whatever came of it, it must not be recorded
        if answer.status_code == _CONFLICT and answer.json()["type"] == "/problems/event-id-conflict":
            self.recorder.add((name_of(event),), began, "conflict", told=answer.text)
        else:
            self._not_acknowledged([event], began, answer)

    @property
    def _address(self) -> str:
        return f"{self.ledger}/v1/events"

    async def _whole(
        self, events: list[JsonObject], media_type: str, content: str, *, seconds: float | None = None
    ) -> Outcome:
        began = time.monotonic()
        names = tuple(map(name_of, events))
        headers = {"Content-Type": media_type}
        try:
            async with asyncio.timeout(seconds):
                answer = await self.client.post(self._address, content=content, headers=headers)
        except (httpx.TransportError, TimeoutError) as error:
            self.recorder.add(names, began, "unknown", told=repr(error))
            return "unknown"
        except asyncio.CancelledError:
            self.recorder.add(names, began, "unknown", told="the writer was stopped")
            raise
        if answer.status_code not in {200, 201}:
            return self._not_acknowledged(events, began, answer)
        told = answer.json()
        receipts = [_receipt(one) for one in told.get("receipts", [told])]
        outcome: Outcome = "appended" if answer.status_code == 201 else "replayed"
        self.recorder.add(names, began, outcome, *receipts)
        return outcome

    def _line(
        self,
        left: list[JsonObject],
        silent: list[JsonObject],
        events: list[JsonObject],
        told: JsonObject,
        *,
        began: float,
    ) -> None:
        event = events[int(str(told["line"])) - 1]
        names = (name_of(event),)
        silent.remove(event)
        problem = told.get("problem")
        if isinstance(problem, dict):
            self.recorder.add(names, began, _outcome(problem, retry_after=True), told=json.dumps(problem))
            return
        left.remove(event)
        self.recorder.add(names, began, "replayed" if told["replayed"] else "appended", _receipt(told))

    def _not_acknowledged(self, events: list[JsonObject], began: float, answer: httpx.Response) -> Outcome:
        told = f"{answer.status_code} {answer.text}"
        try:
            problem = answer.json()
        except ValueError:
            problem = {"status": answer.status_code}
        outcome = _outcome(problem, retry_after="retry-after" in answer.headers)
        self.recorder.add(tuple(map(name_of, events)), began, outcome, told=told)
        return outcome


def entries_of(pages: Iterable[JsonObject]) -> Iterator[tuple[int, str]]:
    """Yield position and name of recorded events."""
    for recorded in pages:
        event = recorded["event"]
        assert isinstance(event, dict)
        yield int(str(recorded["position"])), name_of(event)


def _outcome(problem: JsonObject, *, retry_after: bool) -> Outcome:
    """Say what an answer without a receipt means; 503 is the only one that a correct post may get."""
    if problem.get("status") != _UNAVAILABLE or not retry_after:
        return "wrong"
    return "unknown" if str(problem.get("detail", "")).startswith(OPEN) else "refused"


def _receipt(told: JsonObject) -> Receipt:
    return Receipt(int(str(told["position"])), str(told["treaty"]), int(str(told["version"])), str(told["recorded_at"]))
