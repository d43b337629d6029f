"""Say in words that what is published rests on a treaty that is quarantined."""

from __future__ import annotations

from collections.abc import Sequence

from treaty_projector.publishing.shapes import StalenessDocument


def warnings(told: StalenessDocument) -> Sequence[str]:
    """Return the sentence that a reader has to see, if there is one."""
    if not told["stale"]:
        return ()
    return (f"Not up to date: left out from entry {told['stale_since']} of the log on, since {told['stale_reason']}.",)
