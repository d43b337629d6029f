"""Answer how the webhooks are doing."""

from __future__ import annotations

from dataclasses import dataclass

from treaty_projector.errors import DatabaseUnavailable
from treaty_projector.reading import Reader


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Hold how many webhooks there are, what was given up, and how far behind the last of them is."""

    active: int
    paused: int
    gone: int
    dead_letters: int
    behind_seconds: float


async def deliveries(reader: Reader) -> Deliveries:
    """Return how the webhooks are doing, whichever process delivers."""
    row = await reader.row("webhook_figures")
    if row is None:
        raise DatabaseUnavailable("it counts no webhooks")
    return Deliveries(
        row["active"], row["paused"], row["gone"], row["dead_letters"], max(0.0, row["behind_seconds"] or 0.0)
    )
