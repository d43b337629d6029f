"""Read the recorded facts of one stream."""

from __future__ import annotations

from treaty_projector.entries import fact_of
from treaty_projector.law.state import Fact
from treaty_projector.reading import Reader


async def facts_of(reader: Reader, stream: str, size: int) -> list[Fact]:
    """Return the facts of one stream among the first `size` entries, in order of position."""
    rows = await reader.rows("entries_of_stream", stream=stream, size=size)
    return [fact_of(row["position"], row["type"], row["source"], row["schema_version"], row["data"]) for row in rows]
