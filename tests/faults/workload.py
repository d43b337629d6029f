"""Let many writers post facts in every way, and again until they are acknowledged, while readers look on."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from random import Random

import httpx
from faults.history import Seen
from faults.posts import Poster, entries_of
from faults.recorder import Recorder

from treaty_contracts.canonical import JsonObject
from treaty_contracts.tlog.checkpoints import parse_checkpoint
from treaty_contracts.tlog.notes import Verifier, open_note

_PAUSE_SECONDS, _PAUSE_WITHOUT_ANSWER_SECONDS = 0.05, 0.25
_PATIENCE_SECONDS = 20.0
_ROUNDS_AFTERWARDS = 2
_TREATIES = 4
_AT_ONCE = re.compile(r"^treaty_ledger_transactions_at_once_total (\S+)$", re.MULTILINE)
_MIXED = (("one", "batch", "lines", "again", "other", "together"), (10, 3, 3, 1, 1, 1))
_PLAIN = (("one", "known batch", "lines"), (10, 3, 3))


@dataclass(slots=True)
class Workload:
    """Know what writers post in one round; they go on until `ended`, and a little longer."""

    recorder: Recorder
    rng: Random
    writers: int
    give_up: bool = False
    """Whether events that were sent away are left at that."""
    impatient: bool = False
    """Whether some writers hang up before they can have an answer."""
    plain: bool = False
    """Whether all is new and about known treaties, as what a ledger records in one exchange must be."""
    ended: bool = False
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    async def run(self, urls: list[str]) -> None:
        """Write with all writers until ended, and until all that they posted is acknowledged."""
        limits = httpx.Limits(max_connections=2 * self.writers, max_keepalive_connections=2 * self.writers)
        async with httpx.AsyncClient(timeout=_PATIENCE_SECONDS, limits=limits) as client:
            first = Poster(client, self.recorder, urls[0])
            for number in range(_TREATIES):
                await self._until_acknowledged(first, [self._registered(f"treaty-{number}")])
            async with asyncio.TaskGroup() as writing:
                for number in range(self.writers):
                    poster = Poster(client, self.recorder, urls[number % len(urls)])
                    writing.create_task(self._write(poster, Random(self.rng.random())))  # noqa: S311 - repeatable, not secret

    async def _write(self, poster: Poster, rng: Random) -> None:
        left = _ROUNDS_AFTERWARDS
        while left:
            left -= self.ended
            await self._step(poster, rng)

    async def _step(self, poster: Poster, rng: Random) -> None:
        treaty = f"treaty-{rng.randrange(_TREATIES)}"
        kinds, weights = _PLAIN if self.plain else _MIXED
        match rng.choices(kinds, weights)[0]:
            case "batch":
                own = f"own-{next(self._ids)}"
                events = [self._registered(own), *(self._notified(own) for _ in range(rng.randrange(1, 6)))]
                await self._until_acknowledged(poster, events)
            case "known batch":
                events = [self._notified(treaty) for _ in range(rng.randrange(2, 7))]
                await self._until_acknowledged(poster, events)
            case "lines":
                left = [self._notified(treaty) for _ in range(rng.randrange(2, 12))]
                await self._until_each_is(poster, left)
            case "again":
                event = self._notified(treaty)
                await self._until_acknowledged(poster, [event])
                await self._until_acknowledged(poster, [event])
            case "other":
                event = self._notified(treaty)
                if await self._until_acknowledged(poster, [event]):
                    await poster.conflicting({**event, "data": {**_data(event), "citation": "Something else"}})
            case "together":
                event = self._notified(treaty)
                await asyncio.gather(*(self._until_acknowledged(poster, [event]) for _ in range(4)))
            case _:
                event = self._notified(treaty)
                if self.impatient:
                    await poster.one(event, seconds=rng.uniform(0.001, 0.03))
                await self._until_acknowledged(poster, [event])

    async def _until_acknowledged(self, poster: Poster, events: list[JsonObject]) -> bool:
        """Post until acknowledged; where writers give up, only while the outcome is open. Tell whether it was."""
        while True:
            outcome = await (poster.one(events[0]) if len(events) == 1 else poster.batch(events))
            if outcome in {"appended", "replayed"}:
                return True
            if self.give_up and outcome == "refused":
                return False
            await asyncio.sleep(_PAUSE_SECONDS if outcome == "refused" else _PAUSE_WITHOUT_ANSWER_SECONDS)

    async def _until_each_is(self, poster: Poster, events: list[JsonObject]) -> None:
        """Post lines until each is acknowledged."""
        while events := await poster.lines(events):  # noqa: ASYNC110 - a client that tries again
            await asyncio.sleep(_PAUSE_WITHOUT_ANSWER_SECONDS)

    def _event(self, type_: str, subject: str, data: JsonObject) -> JsonObject:
        identity: JsonObject = {"specversion": "1.0", "id": f"event-{next(self._ids)}", "source": "urn:faults"}
        return {**identity, "type": type_, "subject": subject, "data": data}

    def _registered(self, treaty: str) -> JsonObject:
        return self._event("treaty.registered", treaty, {"title": "A treaty", "kind": "multilateral", "clauses": {}})

    def _notified(self, treaty: str) -> JsonObject:
        data: JsonObject = {"participant": "HUN", "received_on": "2020-05-22", "citation": "Depositary notification"}
        return self._event("withdrawal.notified", treaty, data)


def _data(event: JsonObject) -> JsonObject:
    data = event["data"]
    assert isinstance(data, dict)
    return data


async def follow(client: httpx.AsyncClient, recorder: Recorder) -> None:
    """Read the log from its beginning on as it grows, until cancelled."""
    while True:
        with suppress(httpx.TransportError):
            answer = await client.get("/v1/events", params={"from": len(recorder.read), "limit": 500})
            if answer.status_code == 200:
                recorder.read += entries_of(answer.json()["events"])
        await asyncio.sleep(_PAUSE_SECONDS)


async def watch_checkpoints(client: httpx.AsyncClient, recorder: Recorder, verifiers: list[Verifier]) -> None:
    """Look at the newest checkpoint again and again, until cancelled."""
    while True:
        with suppress(httpx.TransportError):
            answer = await client.get("/log/checkpoint")
            if answer.status_code == 200 and answer.text not in recorder.notes:
                told = parse_checkpoint(open_note(answer.text, verifiers)[0])
                recorder.notes.append(answer.text)
                recorder.checkpoints.append(Seen(told.size, told.root))
        await asyncio.sleep(_PAUSE_SECONDS)


async def count_exchanges(client: httpx.AsyncClient, recorder: Recorder) -> None:
    """Follow how many groups a ledger recorded in one exchange, over its restarts, until cancelled."""
    before = 0
    while True:
        with suppress(httpx.TransportError):
            answer = await client.get("/metrics")
            if found := _AT_ONCE.search(answer.text):
                now = int(float(found[1]))
                recorder.at_once += now - (before if before <= now else 0)
                before = now
        await asyncio.sleep(_PAUSE_SECONDS)
