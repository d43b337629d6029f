"""Open the log before anything is served: its key, its guard, and whether the database extends what was signed."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from treaty_contracts.tlog.frontier import grow
from treaty_ledger.errors import GuardMissing, KeyMissing, LogDiffers, LogInconsistent, LogShrank, NotExtended, OtherLog
from treaty_ledger.log.guard import GUARD_FILE, Guarded, read_guard
from treaty_ledger.log.keys import KEY_FILE, Keyring, make_key, parse_keys, read_keys, write_keys
from treaty_ledger.settings import Settings
from treaty_ledger.store.tree import Signed, TreeReads

SECRET = "TREATY_LEDGER_SIGNING_KEY"  # noqa: S105 - its name
"""The setting that holds the keys, where no file does."""

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Say where the key and the guard of a log are."""

    folder: Path
    """Holds one folder a log: a key and a guard belong to one log, and never to another."""

    secret: str | None = None
    """The keys themselves, where they are a secret and no file."""

    origin: str | None = None
    """The name that a new log gets; one that no other log has, where none is given."""

    def key_file(self, origin: str) -> Path:
        """Return the file of a log's keys."""
        return self._of(origin) / KEY_FILE

    def guard_file(self, origin: str) -> Path:
        """Return the guard of a log."""
        return self._of(origin) / GUARD_FILE

    def _of(self, origin: str) -> Path:
        return self.folder / origin.replace("/", "~")


def log_place(settings: Settings) -> LogPlace:
    """Return where the settings say that the key and the guard are."""
    secret = settings.signing_key.get_secret_value() if settings.signing_key else None
    return LogPlace(settings.state_dir, secret=secret, origin=settings.origin)


async def open_log(place: LogPlace, tree: TreeReads) -> Keyring:
    """Return the keys of this database's log, made at its very beginning; raise CannotStart."""
    origin = await tree.origin()
    keyring = found_keys(place, origin)
    if origin is None:
        await tree.name(keyring.origin)
        origin = await tree.origin() or keyring.origin
        if origin != keyring.origin:  # another process named it in this very moment
            keyring = found_keys(place, origin)
    if origin != keyring.origin:
        raise OtherLog(origin, key=keyring.origin)
    await _check_guard(place.guard_file(origin), origin, tree)
    return keyring


async def root_at(tree: TreeReads, size: int, latest: Signed | None) -> bytes:
    """Return the root that the database gives the first `size` events now; `latest` is what was signed last."""
    integrated = latest.size if latest else 0
    frontier = await tree.frontier(min(size, integrated))
    while frontier.size < size:
        count = min(_AT_ONCE, size - frontier.size)
        frontier, _ = grow(frontier, await tree.hashes(0, frontier.size, count))
    return frontier.root()


async def check_extends(tree: TreeReads, guarded: Guarded, *, size: int) -> None:
    """Raise LogInconsistent unless a database of `size` events begins with what the guard knows was signed."""
    if size < guarded.size:
        raise LogShrank(size, known=guarded.size)
    if await root_at(tree, guarded.size, await tree.latest()) != guarded.root:
        raise LogDiffers(guarded.size)


async def _check_guard(path: Path, origin: str, tree: TreeReads) -> None:
    latest = await tree.latest()  # first: another process may be signing, and that writes the guard before the database
    guarded = read_guard(path, origin)
    if guarded is None:
        if latest is not None:
            raise GuardMissing(str(path))
        return
    try:
        await check_extends(tree, guarded, size=await tree.size())
    except LogInconsistent as contradiction:
        raise NotExtended(contradiction) from contradiction


def found_keys(place: LogPlace, origin: str | None) -> Keyring:
    """Return the keys of a log, or new ones for a log that has no name yet; raise CannotStart."""
    if place.secret is not None:
        return parse_keys(place.secret, where=SECRET)
    if origin is not None:
        path = place.key_file(origin)
        if not path.exists():
            raise KeyMissing(str(path), origin)
        return read_keys(path)
    name = place.origin or f"treaty-register.local/{secrets.token_hex(6)}"
    if place.key_file(name).exists():
        return read_keys(place.key_file(name))
    key = make_key(name)
    write_keys(place.key_file(name), [key])
    return Keyring((key,))
