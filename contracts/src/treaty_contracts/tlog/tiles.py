"""Name tiles of hashes and bundles of entries, and write and read what they hold (C2SP tlog-tiles)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEIGHT = 8
"""How many levels of the tree one tile spans."""

WIDTH = 1 << HEIGHT
"""How many hashes a full tile has, and how many entries a full bundle."""

HASH_BYTES = 32
"""How many bytes a hash has."""

MAX_LEVEL = 63
"""The highest level of tiles that the format names."""

MAX_ENTRY_BYTES = 2**16 - 1
"""How long an entry may be, so that its length fits in front of it."""

_PATH = re.compile(r"(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?")
_GROUP = 1_000
_MAX_GROUPS = 7


@dataclass(frozen=True, slots=True)
class Tile:
    """Name a tile of hashes, or, without a level, a bundle of entries; `width` is less than 256 while it is partial."""

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def is_full(self) -> bool:
        """Tell whether it will never hold more."""
        return self.width == WIDTH

    @property
    def first(self) -> int:
        """Return the place of its first hash among those of its level, or of its first entry."""
        return self.number * WIDTH

    @property
    def needs_size(self) -> int:
        """Return the least size of a log that has all of it."""
        return (self.first + self.width) << (self.level or 0) * HEIGHT

    @property
    def path(self) -> str:
        """Return its address below `tile/`."""
        groups = [f"{self.number % _GROUP:03}"]
        rest = self.number // _GROUP
        while rest:
            groups.insert(0, f"x{rest % _GROUP:03}")
            rest //= _GROUP
        partial = "" if self.is_full else f".p/{self.width}"
        return f"{'entries' if self.level is None else self.level}/{'/'.join(groups)}{partial}"


def parse_tile(path: str) -> Tile | None:
    """Return the tile that an address below `tile/` names; None when it is not written in the one right way."""
    match = _PATH.fullmatch(path)
    if match is None or match[2].count("/") >= _MAX_GROUPS:
        return None
    number = int(match[2].replace("x", "").replace("/", ""))
    tile = Tile(None if match[1] == "entries" else int(match[1]), number, int(match[3] or WIDTH))
    if not 0 < tile.width <= WIDTH or (tile.level or 0) > MAX_LEVEL or tile.path != path:
        return None
    return tile


def tiles_of(size: int) -> list[Tile]:
    """Return every tile of hashes that a log of that size has, level by level from the leaves up."""
    found, level = [], 0
    while nodes := size >> level * HEIGHT:
        found += _cut(level, nodes)
        level += 1
    return found


def bundles_of(size: int) -> list[Tile]:
    """Return every bundle of entries that a log of that size has."""
    return _cut(None, size)


def write_bundle(entries: Iterable[bytes]) -> bytes:
    """Return a bundle: each entry behind its length in two bytes, the higher first."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise ValueError(f"an entry of {len(entry)} bytes is too long for a bundle")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def read_bundle(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle; raise ValueError when it ends in the middle of one."""
    entries, place = [], 0
    while place < len(bundle):
        end = place + 2 + int.from_bytes(bundle[place : place + 2], "big")
        if place + 2 > len(bundle) or end > len(bundle):
            raise ValueError("the bundle ends in the middle of an entry")
        entries.append(bundle[place + 2 : end])
        place = end
    return entries


def read_tile(tile: bytes) -> Sequence[bytes]:
    """Return the hashes of a tile; raise ValueError when its last one is cut."""
    if len(tile) % HASH_BYTES:
        raise ValueError("the tile ends in the middle of a hash")
    return [tile[place : place + HASH_BYTES] for place in range(0, len(tile), HASH_BYTES)]


def _cut(level: int | None, count: int) -> list[Tile]:
    full, rest = divmod(count, WIDTH)
    return [Tile(level, number) for number in range(full)] + ([Tile(level, full, rest)] if rest else [])
