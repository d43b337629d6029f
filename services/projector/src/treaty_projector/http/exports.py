"""Give whole lists as tables: which question stands behind each.

A request that wants a table takes these routes, and any other the routes of JSON under the same paths. Whatever answers
one of these paths before it comes here has to ask `wanted_table` first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.routing import Match, Route
from starlette.types import Scope

from treaty_contracts.canonical import JsonObject
from treaty_projector.errors import MalformedParameter
from treaty_projector.exports import tables
from treaty_projector.http import parameters as given
from treaty_projector.http.forms import Wanted, wanted_table
from treaty_projector.http.state import state_of
from treaty_projector.http.streams import Export, Tables
from treaty_projector.queries.questions import ListAsked, Questions

_Parameters = TypeVar("_Parameters", bound=BaseModel)
_TREATY: TypeAdapter[str] = TypeAdapter(given.TreatyParameter)
_PARTICIPANT: TypeAdapter[str] = TypeAdapter(given.ParticipantParameter)
_WANTED = "treaty.wanted_table"
_HISTORY_ROWS = 10_000  # a history is put in order as a whole, for each page again


@dataclass(frozen=True, slots=True)
class _Asking:
    """Read what a request says."""

    request: Request

    @property
    def questions(self) -> Questions:
        return state_of(self.request.app).questions

    def treaty(self) -> str:
        return self._in_path("treaty", _TREATY)

    def participant(self) -> str:
        return self._in_path("participant", _PARTICIPANT)

    def read(self, model: type[_Parameters]) -> _Parameters:
        """Return the parameters; a table is the whole list, so that it has no pages."""
        with _reported("query"):
            asked = model.model_validate(dict(self.request.query_params))
        for name in ("limit", "cursor"):
            if name in asked.model_fields_set:
                raise MalformedParameter(name, "leave it out: csv, jsonl and parquet give the whole list")
        return asked

    def _in_path(self, name: str, adapter: TypeAdapter[str]) -> str:
        with _reported("path", name):
            return adapter.validate_python(self.request.path_params[name])


def routes() -> list[Route]:
    """Return a route for each list that can be had as a table."""
    sending = Tables()
    return [_route(path, open_, sending) for path, open_ in _EXPORTS.items()]


class _TableRoute(Route):
    """Take a request only when it wants a table."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope["method"] != "GET":
            return Match.NONE, {}
        if _WANTED not in scope:
            scope[_WANTED] = wanted_table(scope)
        if scope[_WANTED] is None:
            return Match.NONE, {}
        match, found = super().matches(scope)
        return match, {**found, "route": self}


_Open: TypeAlias = Callable[[_Asking], Export]


def _route(path: str, open_: _Open, sending: Tables) -> Route:
    async def give(request: Request) -> Response:
        wanted: Wanted = request.scope[_WANTED]
        return await sending.answer(request, open_(_Asking(request)), wanted)

    return _TableRoute(path, give, methods=["GET"])


def _members(asking: _Asking) -> Export:
    treaty, asked = asking.treaty(), asking.read(given.MembersParameters)
    when, ask = asked.asked(), asking.questions.members

    async def read(page: ListAsked) -> JsonObject:
        found, clocks = await ask(treaty, when, page, consent=asked.consent)
        content: JsonObject = orjson.loads(found.body(clocks))
        return content

    return Export(tables.MEMBERS, f"{treaty}-members", read)


def _all_members(asking: _Asking) -> Export:
    asked = asking.read(given.AllMembersParameters)
    when, ask = asked.asked(), asking.questions.all_members
    return Export(tables.MEMBERS, "members", lambda page: ask(when, page, consent=asked.consent))


def _memberships(asking: _Asking) -> Export:
    asked = asking.read(given.MembershipsParameters)
    when, ask = asked.asked(), asking.questions.memberships
    name = f"{asked.treaty}-memberships" if asked.treaty else "memberships"
    return Export(tables.MEMBERSHIPS, name, lambda page: ask(when, page, treaty_id=asked.treaty))


def _history(asking: _Asking) -> Export:
    treaty, asked = asking.treaty(), asking.read(given.ListParameters)
    when, ask = asked.asked(), asking.questions.history
    return Export(tables.HISTORY, f"{treaty}-history", lambda page: ask(treaty, when, page), _HISTORY_ROWS)


def _pending_exits(asking: _Asking) -> Export:
    asked = asking.read(given.ExitsParameters)
    when, ask = asked.asked(), asking.questions.pending_exits
    return Export(
        tables.PENDING_EXITS,
        "pending-exits",
        lambda page: ask(
            when,
            page,
            treaty_id=asked.treaty,
            participant=asked.participant,
            before=asked.before,
            stage=asked.stage,
        ),
    )


def _treaties_of(asking: _Asking) -> Export:
    participant, asked = asking.participant(), asking.read(given.TreatiesOfParameters)
    when, ask = asked.asked(), asking.questions.treaties_of
    return Export(
        tables.TREATIES_OF, f"{participant}-treaties", lambda page: ask(participant, when, page, consent=asked.consent)
    )


def _treaties(asking: _Asking) -> Export:
    asked = asking.read(given.TreatiesParameters)
    when, ask = asked.asked(), asking.questions.treaties
    return Export(tables.TREATIES, "treaties", lambda page: ask(when, page, q=asked.q, subject=asked.subject))


def _changes(asking: _Asking) -> Export:
    asked = asking.read(given.ChangesParameters)
    when, ask = asked.asked(), asking.questions.changes
    return Export(
        tables.CHANGES,
        "changes",
        lambda page: ask(when, page, from_size=asked.from_size, treaty_id=asked.treaty, participant=asked.participant),
    )


def _anomalies(asking: _Asking) -> Export:
    asked = asking.read(given.AnomaliesParameters)
    when, ask = asked.asked(), asking.questions.anomalies
    return Export(tables.ANOMALIES, "anomalies", lambda page: ask(when, page, treaty_id=asked.treaty))


_EXPORTS: dict[str, _Open] = {
    "/v1/treaties/{treaty}/members": _members,
    "/v1/treaties/{treaty}/history": _history,
    "/v1/participants/{participant}/treaties": _treaties_of,
    "/v1/pending-exits": _pending_exits,
    "/v1/members": _all_members,
    "/v1/memberships": _memberships,
    "/v1/treaties": _treaties,
    "/v1/changes": _changes,
    "/v1/anomalies": _anomalies,
}
"""The lists that can be had as tables, by their paths."""


@contextmanager
def _reported(*place: str) -> Iterator[None]:
    """Report what is wrong with a value as the routes of JSON do."""
    try:
        yield
    except ValidationError as error:
        found = [{**each, "loc": (*place, *each["loc"])} for each in error.errors(include_url=False)]
        raise RequestValidationError(found) from error
