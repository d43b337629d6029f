"""Tell followers of each new checkpoint: they need not ask again and again whether there is one."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

from treaty_ledger.log.published import Published

_UNSIGNED_SECONDS = 1.0
"""How long something recorded may stay without a checkpoint before followers hear of it."""


class News(NamedTuple):
    """Tell how long the log is: with the signed note that says so, or as it is recorded while that is not signed."""

    size: int
    note: str | None


async def follow(published: Published, known: int, *, heartbeat_seconds: float) -> AsyncIterator[News | None]:
    """Yield each checkpoint of more than `known` events, the newest only where several came; end when closed.

    How many events are recorded is yielded while fewer are signed for longer than usual; None is a sign of life.
    """
    clock = asyncio.get_running_loop().time
    told_at, told, head = clock(), known, published.head
    behind_since: float | None = None
    while not head.closed:
        signed = await published.beyond(known, patience=min(_UNSIGNED_SECONDS, heartbeat_seconds))
        behind_since = None if signed is not None or head.size <= told else behind_since or clock()
        if signed is not None:
            known = told = signed.size
            yield News(signed.size, signed.note)
        elif behind_since is not None and clock() - behind_since >= _UNSIGNED_SECONDS:
            told, behind_since = head.size, None
            yield News(told, None)
        elif clock() - told_at >= heartbeat_seconds:
            yield None
        else:
            continue
        told_at = clock()
