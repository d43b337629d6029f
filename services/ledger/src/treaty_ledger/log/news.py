"""Tell followers of each new checkpoint: they need not ask again and again whether there is one."""

import asyncio
from collections.abc import AsyncIterator

from treaty_ledger.log.published import Published
from treaty_ledger.store.tree import Signed

_UNSIGNED_SECONDS = 1.0
"""How long something recorded may stay without a checkpoint before followers hear of it."""


async def follow(published: Published, size: int, *, heartbeat_seconds: float) -> AsyncIterator[Signed | int | None]:
    """Yield each checkpoint of more than `size` events, the newest only where several came; end when closed.

    How many events are recorded is yielded while fewer are signed for longer than usual; None is a sign of life.
    """
    clock = asyncio.get_running_loop().time
    told_at, told = clock(), size
    while not published.head.closed:
        signed = await published.beyond(size, patience=min(_UNSIGNED_SECONDS, heartbeat_seconds))
        if signed is not None:
            size = told = signed.size
            yield signed
        elif published.head.size > told:
            told = published.head.size
            yield told
        elif clock() - told_at >= heartbeat_seconds:
            yield None
        else:
            continue
        told_at = clock()
