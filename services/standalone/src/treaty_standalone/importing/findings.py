"""Ask the projector which of the imported facts have not the effect one might expect."""

import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict

from treaty_contracts.canonical import JSON, JsonObject
from treaty_standalone.answers import Projection
from treaty_standalone.client import PAGE, Service
from treaty_standalone.errors import ProjectionStuck

POLL_SECONDS: Final = 0.1
STUCK_SECONDS: Final = 30.0


class Anomaly(BaseModel):
    """Point at a fact without the effect one might expect, and say why."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    treaty: str
    participant: str | None
    reason: str
    position: int
    detail: str


class _Page(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    known_size: int
    anomalies: tuple[Anomaly, ...]
    next: str | None


@dataclass(slots=True)
class Finding:
    """Count the anomalies of one reason, and keep the first as the example."""

    example: Anomaly
    count: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """Hold the anomalies of an import by reason, as known at a size of the log."""

    known_size: int
    by_reason: dict[str, Finding]

    def as_json(self) -> JsonObject:
        """Return the findings as a JSON object."""
        reasons: dict[str, JSON] = {
            reason: {"count": finding.count, "example": finding.example.model_dump()}
            for reason, finding in self.by_reason.items()
        }
        return {"known_size": self.known_size, "by_reason": reasons}


def wait_until_applied(projector: Service, size: int, *, on_size: Callable[[int], None]) -> None:
    """Return once the projector has applied that many events. Raises Unreachable, Refused, ProjectionStuck."""
    applied, moved = -1, time.monotonic()
    while applied < size:
        now = Projection.model_validate(projector.ask("/v1/projection")).size
        if now != applied:
            applied, moved = now, time.monotonic()
            on_size(min(applied, size))
        elif time.monotonic() - moved > STUCK_SECONDS:
            raise ProjectionStuck(applied, size, seconds=STUCK_SECONDS)
        else:
            time.sleep(POLL_SECONDS)


def find_anomalies(projector: Service, positions: Container[int]) -> Findings:
    """Return what the projector says of the facts at these positions. Raises Unreachable, Refused."""
    found: dict[str, Finding] = {}
    page = _Page.model_validate(projector.ask("/v1/anomalies", {"limit": PAGE}))
    known_size = page.known_size
    while True:
        for anomaly in page.anomalies:
            if anomaly.position in positions:
                found.setdefault(anomaly.reason, Finding(anomaly)).count += 1
        if page.next is None:
            break
        page = _Page.model_validate(projector.ask("/v1/anomalies", {"limit": PAGE, "cursor": page.next}))
    ordered = sorted(found.items(), key=lambda item: (-item[1].count, item[0]))
    return Findings(known_size, dict(ordered))
