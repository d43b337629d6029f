"""Tell whether the process lives, whether it can answer, and how it is doing."""

from __future__ import annotations

import datetime as dt

import orjson
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from treaty_contracts.canonical import JSON, JsonObject
from treaty_door.documents import problems
from treaty_projector.http.openapi import METRICS, PAGE
from treaty_projector.http.parameters import Nothing
from treaty_projector.http.problems import explain, problem
from treaty_projector.http.state import state_of

router = APIRouter(include_in_schema=True)


@router.get("/livez")
async def live() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses=problems(503))
async def ready(request: Request) -> Response:
    """Say whether questions can be answered; trouble with the ledger is named, and what is applied is served on.

    Quarantined treaties are named and keep nobody from being ready: all the others are answered for.
    """
    state = state_of(request.app)
    answer = await state.questions.projection(now=dt.datetime.now(dt.UTC), trouble=state.trouble())
    name, trouble = answer["problem"], answer["trouble"]
    if isinstance(name, str) and isinstance(trouble, str):
        return problem(name, trouble)
    return Response(orjson.dumps({"status": "ready", "quarantined": _names(answer)}), media_type="application/json")


@router.get("/metrics", response_class=Response, responses=METRICS)
async def metrics(request: Request) -> Response:
    """Give the figures of the projection as Prometheus reads them."""
    state = state_of(request.app)
    answer = await state.questions.projection(now=dt.datetime.now(dt.UTC), trouble=state.trouble())
    registry = CollectorRegistry()
    Gauge("treaty_projector_quarantined", "Treaties that cannot be folded", registry=registry).set(
        float(str(answer["quarantined_count"]))
    )
    for name, text in _GAUGES.items():
        value = answer[name]
        if isinstance(value, int):
            Gauge(f"treaty_projector_{name}", text, registry=registry).set(value)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/problems/{name}", response_class=Response, responses=PAGE)
async def explain_problem(name: str, _asked: Nothing) -> Response:
    """Explain a kind of problem."""
    return explain(name)


def _names(answer: JsonObject) -> list[JSON]:
    """Return the quarantined treaties, the earliest first; /v1/projection says since when, and why."""
    listed = answer["quarantined"]
    return [each["treaty"] for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


_GAUGES = {
    "size": "Entries applied",
    "ledger_size": "Entries the ledger is known to have",
    "lag": "Entries waiting",
    "lag_seconds": "Age of the last applied entry while others wait, in seconds",
}
