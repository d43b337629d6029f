"""Build the application that answers questions."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp

from treaty_door.documents import finish
from treaty_door.queries import StrictQueries
from treaty_projector.errors import ProjectorError
from treaty_projector.http import exit_calendar, exports, health, live, news_feed, problems, routes
from treaty_projector.http.current import Members
from treaty_projector.http.heads import Heads
from treaty_projector.http.hot import HotPath
from treaty_projector.http.state import State, Watching
from treaty_projector.queries.live import LiveChanges
from treaty_projector.queries.questions import Questions

_TITLE = "Treaty projector"
_DESCRIPTION = (
    "Who is bound by what, on any day (`as_of`), according to what was recorded by any instant (`known_at`). "
    "Periods are half-open: `until` is the first day without the status."
)

_OWN_TELEMETRY_ONLY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI's own would tell of the same requests again, and of what clients sent."""


def create_app(  # noqa: PLR0913 - everything that is shared
    questions: Questions,
    changes: LiveChanges,
    *,
    trouble: Callable[[], ProjectorError | None],
    watching: Watching,
    with_answers: bool,
    public_url: str | None = None,
    answer_bytes: int,
) -> ASGIApp:
    """Return the application; `trouble` says what keeps the worker of this process from going on."""
    app = _bare_app(with_answers=with_answers)
    members = Members(questions, most_bytes=answer_bytes)
    state = app.state.treaty = State(questions, members, changes, public_url, trouble, watching)
    watching.instruments.registry.register(watching.figures)
    return watching.instruments.watched(Heads(StrictQueries(HotPath(state, app) if with_answers else app)))


def openapi_document() -> dict[str, object]:
    """Return the OpenAPI document of the projector."""
    return _bare_app(with_answers=True).openapi()


class _App(FastAPI):
    """Describe the problems that answer every question, in place of FastAPI's own errors."""

    def openapi(self) -> dict[str, object]:
        if self.openapi_schema is None:
            finish(super().openapi())
        return self.openapi_schema or {}


def _bare_app(*, with_answers: bool) -> FastAPI:
    app = _App(
        title=_TITLE, description=_DESCRIPTION, version="1", redirect_slashes=False, telemetry=_OWN_TELEMETRY_ONLY
    )
    problems.install(app)
    if with_answers:
        app.router.routes.extend(exports.routes())
        app.include_router(routes.router)
        app.include_router(live.router)
        app.include_router(exit_calendar.router)
        app.include_router(news_feed.router)
    app.include_router(health.router)
    return app
