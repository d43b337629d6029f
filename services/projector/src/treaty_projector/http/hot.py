"""Answer the questions that are asked most past FastAPI, whose machinery would be most of their cost."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from treaty_contracts.names import CODE_PATTERN, SLUG_PATTERN
from treaty_projector.errors import DatabaseUnavailable, Refused
from treaty_projector.http.answered import Said, said
from treaty_projector.http.forms import wanted_table
from treaty_projector.http.parameters import ClockParameters, ExitsParameters, MembersParameters, TreatiesOfParameters
from treaty_projector.http.problems import FAULT, problem_of
from treaty_projector.http.state import State

_LONGEST = 512
"""Bytes of a question that is remembered; a longer one is FastAPI's."""

_Parameters = TypeVar("_Parameters", bound=BaseModel)


class _Question(NamedTuple):
    """Hold what is asked, and the route that would take it."""

    route: str
    ask: Callable[[State], Awaitable[Said]]


class HotPath:
    """Answer questions that are plainly understood; FastAPI gets everything else.

    So whatever is wrong with a question is found and told in one place.
    """

    def __init__(self, state: State, others: ASGIApp) -> None:
        self._state = state
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let FastAPI do it."""
        question = _question(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if question is None:
            await self._others(scope, receive, send)
            return
        scope["route"] = question.route
        try:
            answered, following = await question.ask(self._state)
        except (Refused, DatabaseUnavailable) as error:
            await problem_of(error)(scope, receive, send)
        except Exception:
            await FAULT(scope, receive, send)
            raise
        else:
            await answered.sent(scope, following=following).send(send)


@dataclass(frozen=True, slots=True)
class _Route(Generic[_Parameters]):
    """Hold an address, what may be said in its query, and how it is answered."""

    route: str
    parameters: type[_Parameters]
    ask: Callable[[State, Sequence[str], _Parameters], Awaitable[Said]]

    def read(self, path: str, query: bytes) -> _Question | None:
        """Return the question that an address asks; None when it asks another one, or is not understood."""
        found = re.fullmatch(_pattern(self.route), path)
        if found is None:
            return None
        try:
            given = self.parameters.model_validate(dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)))
        except ValidationError:
            return None
        return _Question(self.route, lambda state: self.ask(state, found.groups(), given))


@cache
def _pattern(route: str) -> re.Pattern[str]:
    names = {"{treaty}": SLUG_PATTERN, "{participant}": CODE_PATTERN}
    for name, pattern in names.items():
        route = route.replace(name, f"({pattern[1:-1]})")
    return re.compile(route)


def _question(scope: Scope) -> _Question | None:
    path, query = scope["path"], scope["query_string"]
    if len(path) + len(query) > _LONGEST or wanted_table(scope) is not None:
        return None
    return _read(path, query)


@lru_cache(maxsize=4_096)
def _read(path: str, query: bytes) -> _Question | None:
    found = (route.read(path, query) for route in _ROUTES)
    return next((question for question in found if question is not None), None)


async def _members(state: State, names: Sequence[str], asked: MembersParameters) -> Said:
    return await state.members.answer(names[0], asked)


async def _treaty(state: State, names: Sequence[str], asked: ClockParameters) -> Said:
    return said(await state.questions.treaty(names[0], asked.asked()))


async def _member(state: State, names: Sequence[str], asked: ClockParameters) -> Said:
    return said(await state.questions.member(names[0], names[1], asked.asked()))


async def _treaties_of(state: State, names: Sequence[str], asked: TreatiesOfParameters) -> Said:
    answer = await state.questions.treaties_of(names[0], asked.asked(), asked.page(), consent=asked.consent)
    return said(answer)


async def _pending_exits(state: State, _names: Sequence[str], asked: ExitsParameters) -> Said:
    answer = await state.questions.pending_exits(
        asked.asked(),
        asked.page(),
        treaty_id=asked.treaty,
        participant=asked.participant,
        before=asked.before,
        stage=asked.stage,
    )
    return said(answer)


_ROUTES = (
    _Route("/v1/treaties/{treaty}/members", MembersParameters, _members),
    _Route("/v1/treaties/{treaty}", ClockParameters, _treaty),
    _Route("/v1/treaties/{treaty}/members/{participant}", ClockParameters, _member),
    _Route("/v1/participants/{participant}/treaties", TreatiesOfParameters, _treaties_of),
    _Route("/v1/pending-exits", ExitsParameters, _pending_exits),
)
