"""Remember outside PostgreSQL what was signed last, so that no older or other database is ever signed over it.

The file has two places of one sector each, written in turn: a crash while one is written leaves the other. Each holds
one line of text with a sum that tells whether it is whole; the larger size counts.
"""

import fcntl
import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from treaty_ledger.errors import GuardTaken, GuardUnusable
from treaty_ledger.secret_files import sync_folder

GUARD_FILE = "guard"
"""The name of the guard in the folder of a log."""

_PLACE_BYTES = 512
_FORM = "treaty-guard-1"


@dataclass(frozen=True, slots=True)
class Guarded:
    """Hold the size and the root that were signed last."""

    size: int
    root: bytes


class Guard:
    """Hold the guard of one log, open and locked: no other process signs with it meanwhile."""

    def __init__(self, path: Path, descriptor: int, origin: str, content: bytes) -> None:
        self.last = _last(content, path, origin)
        """What was signed last; None before anything was."""
        self._path = path
        self._descriptor = descriptor
        self._origin = origin
        self._turn = _next_turn(content, origin)

    def remember(self, signed: Guarded) -> None:
        """Write down what is about to be published; return once it is durable. Raises GuardUnusable."""
        line = _line(self._origin, signed).ljust(_PLACE_BYTES - 1) + b"\n"
        try:
            os.pwrite(self._descriptor, line, self._turn * _PLACE_BYTES)
            os.fdatasync(self._descriptor)
        except OSError as error:
            raise GuardUnusable(str(self._path), f"it cannot be written ({error})") from error
        self._turn ^= 1
        self.last = signed

    def settle(self, signed: Guarded) -> None:
        """Write down what counts from now on, also when it is less than before. Raises GuardUnusable."""
        self._turn ^= 1  # the place that counts comes first, so that a crash between them gives nothing up
        self.remember(signed)
        self.remember(signed)

    def close(self) -> None:
        """Let another process have it."""
        os.close(self._descriptor)


def read_guard(path: Path, origin: str) -> Guarded | None:
    """Return what was signed last according to the guard; None when there is no guard. Raises GuardUnusable."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise GuardUnusable(str(path), str(error)) from error
    return _last(content, path, origin)


def open_guard(path: Path, origin: str) -> Guard:
    """Return the guard of a log, made when there is none, and locked; raise GuardUnusable, or GuardTaken."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise GuardUnusable(str(path), str(error)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        content = os.pread(descriptor, 2 * _PLACE_BYTES, 0)
        if not content.strip():
            os.pwrite(descriptor, (b" " * (_PLACE_BYTES - 1) + b"\n") * 2, 0)
            os.fsync(descriptor)
            sync_folder(path.parent)
        return Guard(path, descriptor, origin, content)
    except BlockingIOError as error:
        os.close(descriptor)
        raise GuardTaken(str(path)) from error
    except BaseException:
        os.close(descriptor)
        raise


def _line(origin: str, signed: Guarded) -> bytes:
    told = f"{_FORM} {origin} {signed.size} {b64encode(signed.root).decode()}"
    return f"{told} {sha256(told.encode()).hexdigest()[:16]}".encode()


def _places(content: bytes) -> list[bytes]:
    return [content[:_PLACE_BYTES].strip(), content[_PLACE_BYTES : 2 * _PLACE_BYTES].strip()]


def _last(content: bytes, path: Path, origin: str) -> Guarded | None:
    written = [place for place in _places(content) if place]
    whole = [guarded for place in written if (guarded := _read(place, origin)) is not None]
    if written and not whole:
        raise GuardUnusable(
            str(path),
            f"it is damaged, or not that of {origin}; restore it, or, if this database is surely the newest, remove it"
            " and run `treaty-ledger guard accept`",
        )
    return max(whole, key=lambda guarded: guarded.size, default=None)


def _next_turn(content: bytes, origin: str) -> int:
    """Return the place that is written next: never the one that counts."""
    sizes = [-1 if (guarded := _read(place, origin)) is None else guarded.size for place in _places(content)]
    return int(sizes[0] >= sizes[1])


def _read(place: bytes, origin: str) -> Guarded | None:
    try:
        form, of, size, root, _ = place.decode().split(" ")
        guarded = Guarded(int(size), b64decode(root, validate=True))
    except (ValueError, Base64Error):
        return None
    return guarded if form == _FORM and of == origin and _line(origin, guarded) == place else None
