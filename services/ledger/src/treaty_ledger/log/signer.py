"""Sign what was recorded, right after it was: hash it again, grow the tree, sign, remember, publish.

One process of all on a database signs, the one with the lease; the others publish what it signed. Nothing is published
before the guard outside the database knows it, and nothing is signed that does not extend what the guard knows.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from treaty_contracts.envelope import format_instant, leaf
from treaty_contracts.merkle import leaf_hash
from treaty_contracts.tlog.frontier import Frontier, Subtree, grow
from treaty_door.pulse import Loop
from treaty_ledger.errors import (
    CannotStart,
    GuardMissing,
    LeafAltered,
    LogDiffers,
    LogShrank,
    SigningStopped,
    Unavailable,
)
from treaty_ledger.failpoints import Failpoints
from treaty_ledger.log.guard import Guard, Guarded, open_guard
from treaty_ledger.log.keys import Keyring
from treaty_ledger.log.published import Published
from treaty_ledger.store.signing import Signing, SigningLease
from treaty_ledger.store.tree import Signed, TreeReads
from treaty_ledger.store.values import Recorded

_AT_ONCE = 5_000
"""The most events between two checkpoints."""

_BUSY = 500
"""A portion of so many events is a sign of a ledger that records all it can."""

_SHORT_REST_SECONDS = 0.008
_LONG_REST_SECONDS = 0.25
_RESTS_AS_LONG = 3
_LOOK_SECONDS = 1.0
_FOLLOW_SECONDS = 0.05
_RETRY_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Signer:
    """Keep the published checkpoint up to date."""

    def __init__(  # noqa: PLR0913 - each is one thing that signing takes
        self,
        lease: SigningLease,
        tree: TreeReads,
        published: Published,
        *,
        keyring: Keyring,
        guard_file: Path,
        failpoints: Failpoints,
        loop: Loop,
    ) -> None:
        self._lease = lease
        self._tree = tree
        self._published = published
        self._keyring = keyring
        self._guard_file = guard_file
        self._failpoints = failpoints
        self._loop = loop

    async def run(self) -> None:
        """Sign until cancelled; whatever stops it is said, and tried again."""
        while True:
            self._loop.turned()
            try:
                async with self._lease.taken() as signing:
                    if signing is not None:
                        await self._lead(signing)
                with suppress(TimeoutError):
                    await self._follow()
            except CannotStart as error:
                await self._pause(SigningStopped(error))
            except Unavailable as error:
                await self._pause(error)

    async def _lead(self, signing: Signing) -> None:
        guard, head = open_guard(self._guard_file, self._keyring.origin), self._published.head
        try:
            frontier = await self._resumed(signing, guard)
            while True:
                self._loop.turned()
                began, before = time.monotonic(), frontier.size
                frontier = await self._sign(signing, guard, frontier)
                if head.closed:
                    await asyncio.sleep(_FOLLOW_SECONDS)
                elif frontier.size >= head.size:
                    await head.beyond(frontier.size, patience=_LOOK_SECONDS)
                else:
                    await asyncio.sleep(_rest(time.monotonic() - began, signed=frontier.size - before))
        finally:
            guard.close()

    async def _follow(self) -> None:
        """Publish what another process signs, for a while; then the lease may be free."""
        async with asyncio.timeout(_LOOK_SECONDS):
            while True:
                if (latest := await self._tree.latest()) is not None:
                    self._published.advance(latest)
                await self._published.head.beyond(self._published.size, patience=_LOOK_SECONDS)
                await asyncio.sleep(_FOLLOW_SECONDS)

    async def _resumed(self, signing: Signing, guard: Guard) -> Frontier:
        """Return the tree as it was signed last, and publish that again; raise LogInconsistent when it is another."""
        latest = await signing.latest()
        if latest is None:
            if guard.last is None:  # before anything is stored: a signed log without a guard is one that lost it
                await asyncio.to_thread(guard.remember, Guarded(0, Frontier().root()))
            return Frontier()
        if guard.last is None:
            raise GuardMissing(str(self._guard_file))
        frontier = await signing.frontier(latest.size)
        if frontier.root() != latest.root:
            raise LogDiffers(latest.size)
        if guard.last.size <= latest.size and (await signing.frontier(guard.last.size)).root() != guard.last.root:
            raise LogDiffers(guard.last.size)
        if guard.last.size < latest.size:  # something came between storing and remembering it
            await signing.confirm()
            await asyncio.to_thread(guard.remember, Guarded(latest.size, latest.root))
        if guard.last.size <= latest.size:
            self._published.advance(latest)
        return frontier

    async def _sign(self, signing: Signing, guard: Guard, frontier: Frontier) -> Frontier:
        """Sign the next portion of what is recorded; return the tree that was signed."""
        known = guard.last.size if guard.last else 0
        head = self._published.head
        least = max(known, head.size, frontier.size)  # by now: more may be recorded while the size is read
        size = await signing.size()
        if size < least:
            raise LogShrank(size, known=least)
        head.advance(size)
        if self._published.has_begun and size == frontier.size:
            self._published.advance(self._published.signed)
            return frontier
        self._failpoints.passing("before-signing")
        # What the guard knows already is signed again in one piece, so that its root is compared first.
        end = max(known, min(size, frontier.size + _AT_ONCE))
        grown, complete, last = await _grown(signing, frontier, end, turned=self._loop.turned)
        root = grown.root()
        if guard.last is not None and grown.size == known and root != guard.last.root:
            raise LogDiffers(known)
        signed = Signed(grown.size, root, self._keyring.sign(grown.size, root))
        await signing.store(signed, complete)
        self._failpoints.passing("before-guard")
        if grown.size > known:
            await asyncio.to_thread(guard.remember, Guarded(grown.size, root))
        self._failpoints.passing("before-publish")
        self._published.advance(signed)
        self._published.tail.extend(grown.size - len(last), last)
        return grown

    async def _pause(self, trouble: Unavailable) -> None:
        if str(trouble) != str(self._published.trouble):
            _log.error("nothing is signed: %s", trouble)
        self._published.stop(trouble)
        await asyncio.sleep(_RETRY_SECONDS)


async def _grown(
    signing: Signing, frontier: Frontier, end: int, *, turned: Callable[[], None]
) -> tuple[Frontier, Sequence[Subtree], Sequence[bytes]]:
    """Return the tree up to a size, with the subtrees that became complete, and the last leaves of some."""
    complete: list[Subtree] = []
    leaves: list[bytes] = []
    while frontier.size < end:
        turned()  # what a guard knows and a restored database lacks may be millions of events
        upto = min(end, frontier.size + _AT_ONCE)
        recorded = await signing.recorded(frontier.size, upto)
        if frontier.size + len(recorded) < upto:
            raise LogShrank(frontier.size + len(recorded), known=upto)
        leaves = [leaf(each.event, format_instant(each.recorded_at), each.recorded_by) for each in recorded]
        frontier, done = grow(frontier, _hashed(leaves, recorded, frontier.size))
        complete += done
    return frontier, complete, leaves


def _hashed(leaves: Sequence[bytes], recorded: Sequence[Recorded], start: int) -> list[bytes]:
    """Return the hashes of leaves, made anew from the bytes that are stored; raise LeafAltered."""
    hashes = [leaf_hash(each) for each in leaves]
    for position, (made, event) in enumerate(zip(hashes, recorded, strict=True), start):
        if event.position != position or made != event.leaf_hash:
            raise LeafAltered(position)
    return hashes


def _rest(took: float, *, signed: int) -> float:
    """Return how long recording goes on alone while there is more to sign, so that the next portion is larger.

    Checkpoints follow commits by milliseconds; only where they would slow a busy ledger down, by a quarter of a second.
    """
    return min(_RESTS_AS_LONG * took, _LONG_REST_SECONDS if signed >= _BUSY else _SHORT_REST_SECONDS)
