"""Ask all kinds of questions while things break, keep what was answered, and ask again when all is calm."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

import httpx
from chaos.story import PARTICIPANTS, TREATIES

from treaty_contracts.canonical import JSON, JsonObject

_OK, _NOT_FOUND, _UNAVAILABLE = 200, 404, 503
_MOST_KEPT = 5_000
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Answered:
    """Hold an answer with what was asked: a day and a size fix it for ever."""

    path: str
    asked: Mapping[str, str]
    told: JsonObject

    @property
    def size(self) -> int:
        """Return the size of the log that it rests on."""
        return int(str(self.told["known_size"]))

    @property
    def is_stale(self) -> bool:
        """Tell whether it says itself that it does not rest on all of that."""
        return self.told["stale"] is True


@dataclass(slots=True)
class Questions:
    """Hold what was asked and answered in one round."""

    rng: Random
    answered: list[Answered] = field(default_factory=list)
    asked: int = 0
    unavailable: int = 0
    broken: list[str] = field(default_factory=list)

    async def ask(self, client: httpx.AsyncClient) -> None:
        """Ask one question after another until cancelled; what is known never becomes less."""
        least = 0
        while True:
            path, parameters = self._question()
            answer = await self._answer(client, path, parameters)
            if answer is None:
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            if "known_size" not in parameters:
                if answer.size < least:
                    self.broken.append(f"went back: {path} rests on {answer.size} entries after one that had {least}")
                least = max(least, answer.size)
            if len(self.answered) < _MOST_KEPT:
                self.answered.append(answer)

    async def until_answered(self, count: int) -> None:
        """Return once so many answers were given that do not call themselves stale."""
        while sum(not answer.is_stale for answer in self.answered) < count:  # noqa: ASYNC110 - it is about another process
            await asyncio.sleep(_PAUSE_SECONDS)

    async def check(self, client: httpx.AsyncClient, *, most: int) -> int:
        """Ask again, of a projector that met nothing; return how many answers were compared."""
        fresh = [answer for answer in self.answered if not answer.is_stale]
        compared = self.rng.sample(fresh, min(most, len(fresh)))
        for before in compared:
            clocks = {"as_of": str(before.told["as_of"]), "known_size": str(before.size)}
            if before.path == "/v1/changes":
                clocks = {"to_size": str(before.size)}
            now = await client.get(before.path, params={**before.asked, **clocks})
            if now.status_code != _OK or _content(now.json()) != _content(before.told):
                self.broken.append(f"wrong: {before.path} {dict(before.asked)} {clocks}: {str(before.told)[:300]}")
        return len(compared)

    async def _answer(self, client: httpx.AsyncClient, path: str, parameters: Mapping[str, str]) -> Answered | None:
        self.asked += 1
        try:
            answer = await client.get(path, params=parameters)
        except httpx.TransportError as error:
            self.broken.append(f"no answer: {path}: {error!r}")
            return None
        if answer.status_code == _OK:
            kept = {name: value for name, value in parameters.items() if name not in {"as_of", "known_size"}}
            return Answered(path, kept, answer.json())
        self.unavailable += answer.status_code == _UNAVAILABLE
        if answer.status_code not in {_NOT_FOUND, _UNAVAILABLE}:
            self.broken.append(f"odd: {path} {dict(parameters)} is answered {answer.status_code}: {answer.text[:200]}")
        return None

    def _question(self) -> tuple[str, dict[str, str]]:
        rng = self.rng
        treaty, who = rng.choice(TREATIES), rng.choice(PARTICIPANTS)
        clocks = {"as_of": f"{rng.randrange(1995, 2045)}-{rng.randrange(1, 13):02}-15"}
        sizes = [answer.size for answer in self.answered[-1:]]
        if sizes and rng.random() < 0.5:
            clocks["known_size"] = str(rng.randrange(1, sizes[0] + 1) if sizes[0] else 0)
        in_treaty, of_member = f"/v1/treaties/{treaty}", f"/v1/treaties/{treaty}/members/{who}"
        kinds: tuple[tuple[str, dict[str, str]], ...] = (
            (f"{in_treaty}/members", {**clocks, "consent": "all", "limit": "500"}),
            (f"{in_treaty}/history", clocks),
            (of_member, clocks),
            (f"{of_member}/explanation", clocks),
            ("/v1/pending-exits", {**clocks, "limit": "500"}),
            (f"/v1/participants/{who}/treaties", clocks),
            ("/v1/changes", {"from_size": "0", "treaty": treaty}),
        )
        return rng.choice(kinds)


def _content(told: dict[str, JSON]) -> dict[str, JSON]:
    """Return what an answer says, without its cursor, and without the day of asking where none was asked for."""
    return {name: value for name, value in told.items() if name not in {"next", "as_of"}}
