"""Tell whether the process lives, whether it can answer, and how it is doing."""

from __future__ import annotations

import datetime as dt

import orjson
from fastapi import APIRouter, Request, Response

from treaty_contracts.canonical import JSON, JsonObject
from treaty_door.documents import problems
from treaty_door.instruments import METRICS_TYPE
from treaty_projector.connections import lacks_migration
from treaty_projector.errors import DatabaseUnavailable, LogInconsistent
from treaty_projector.http.openapi import METRICS, PAGE
from treaty_projector.http.parameters import Nothing
from treaty_projector.http.problems import explain, problem
from treaty_projector.http.state import State, state_of

router = APIRouter(include_in_schema=True)


@router.get("/livez", responses=problems(400, 503))
async def live(request: Request, _asked: Nothing) -> Response:
    """Say that the process answers and that its loops turn."""
    if faults := state_of(request.app).watching.instruments.pulse.faults():
        return problem("unavailable", "\n".join(faults))
    return Response('{"status":"alive"}', media_type="application/json")


@router.get("/readyz", responses=problems(400, 503))
async def ready(request: Request, _asked: Nothing) -> Response:
    """Say whether questions can be answered, and else what is missing, a line each; what is applied is served on.

    Quarantined treaties are named and keep nobody from being ready: all the others are answered for.
    """
    state = state_of(request.app)
    try:
        answer = await _projection(state)
    except DatabaseUnavailable as error:
        missing, name = [_unreachable(error)], None
    else:
        missing, name = _missing(answer, most_lag_seconds=state.watching.ready_lag_seconds), answer["problem"]
    if missing:
        lines = "\n".join(f"{what}: {line}" for what, line in missing)
        return problem(str(name or "unavailable"), lines, missing=[what for what, _ in missing])
    return Response(orjson.dumps({"status": "ready", "quarantined": _names(answer)}), media_type="application/json")


@router.get("/metrics", response_class=Response, responses=METRICS)
async def metrics(request: Request, _asked: Nothing) -> Response:
    """Give the figures of the process and of the projection as Prometheus reads them, also without a database."""
    state = state_of(request.app)
    watching = state.watching
    try:
        answer, deliveries = await _projection(state), await state.questions.deliveries()
    except DatabaseUnavailable:
        watching.figures.look(None, None)
    else:
        watching.figures.look(answer, deliveries)
    return Response(
        watching.instruments.exposition(), headers={"Content-Type": METRICS_TYPE, "Cache-Control": "no-store"}
    )


@router.get("/problems/{name}", response_class=Response, responses=PAGE)
async def explain_problem(name: str, _asked: Nothing) -> Response:
    """Explain a kind of problem."""
    return explain(name)


def _names(answer: JsonObject) -> list[JSON]:
    """Return the quarantined treaties, the earliest first; /v1/projection says since when, and why."""
    listed = answer["quarantined"]
    return [each["treaty"] for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


async def _projection(state: State) -> JsonObject:
    return await state.questions.projection(now=dt.datetime.now(dt.UTC), trouble=state.trouble())


def _missing(answer: JsonObject, *, most_lag_seconds: float | None) -> list[tuple[str, str]]:
    """Return what keeps the projection from going on, or is too far behind, each with a line."""
    missing = []
    if answer["trouble"]:
        missing.append(("log" if answer["problem"] == LogInconsistent.problem else "ledger", str(answer["trouble"])))
    lag, seconds = answer["lag"], answer["lag_seconds"]
    if most_lag_seconds is not None and isinstance(seconds, int) and seconds > most_lag_seconds:
        missing.append(("lag", f"{lag} entries wait, and the last that was applied is {seconds} s old"))
    return missing


def _unreachable(error: DatabaseUnavailable) -> tuple[str, str]:
    """Say what of the database is missing; what the driver said is for the operator's log."""
    if lacks_migration(error):
        return "migration", "run alembic -c migrations/alembic.ini -n projector upgrade head"
    return "database", "the read model cannot be reached"
