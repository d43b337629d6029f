"""Hold what the routes of one running application share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.applications import Starlette

from treaty_door.instruments import Instruments
from treaty_projector.errors import ProjectorError
from treaty_projector.http.current import Members
from treaty_projector.http.figures import ProjectionFigures
from treaty_projector.queries.live import LiveChanges
from treaty_projector.queries.questions import Questions


@dataclass(frozen=True, slots=True)
class Watching:
    """Hold what shows an operator how the process is doing; whoever counts something adds it to the registry."""

    instruments: Instruments
    figures: ProjectionFigures
    ready_lag_seconds: float | None


@dataclass(frozen=True, slots=True)
class State:
    """Hold whom to ask and follow, where clients find them, and what keeps the worker of this process from going on."""

    questions: Questions
    members: Members
    live: LiveChanges
    public_url: str | None
    trouble: Callable[[], ProjectorError | None]
    watching: Watching
    writing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    """Whoever writes events of a calendar, which takes most of a core, takes this meanwhile."""


def state_of(app: Starlette) -> State:
    """Return what the application was built with."""
    state = app.state.treaty
    if not isinstance(state, State):
        raise TypeError(type(state).__name__)
    return state
