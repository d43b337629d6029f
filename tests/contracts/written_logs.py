"""Write whole logs into memory, right ones and altered ones, as a web server would serve them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from treaty_contracts.envelope import format_instant, leaf
from treaty_contracts.merkle import leaf_hash
from treaty_contracts.tlog.checkpoints import Checkpoint
from treaty_contracts.tlog.frontier import Frontier, grow
from treaty_contracts.tlog.notes import ED25519, Verifier, write_note
from treaty_contracts.tlog.tiles import WIDTH, Tile, bundles_of, tiles_of, write_bundle

ORIGIN = "example.org/log"
_PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x07")
VERIFIER = Verifier(ORIGIN, ED25519 + _PRIVATE.public_key().public_bytes_raw())


def entry(number: int, **other: object) -> bytes:
    """Return the entry that a ledger would write for some event."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=number)
    return leaf(f'{{"id":"event-{number}"}}'.encode(), format_instant(at), str(other.get("by", "somebody")))


def entries(count: int) -> list[bytes]:
    """Return the entries of a whole log."""
    return [entry(number) for number in range(count)]


def signed(size: int, root: bytes, *, origin: str = ORIGIN) -> str:
    """Return a checkpoint under the log's own key."""
    text = Checkpoint(origin, size, root).text
    return write_note(text, [(VERIFIER, _PRIVATE.sign(text.encode()))])


def checkpoint_of(written: list[bytes]) -> Checkpoint:
    """Return what a log of these entries commits to."""
    return Checkpoint(ORIGIN, len(written), grow(Frontier(), map(leaf_hash, written))[0].root())


@dataclass(frozen=True)
class WrittenLog:
    """Hold a published log in memory."""

    note: str
    files: dict[str, bytes] = field(default_factory=dict)

    def checkpoint(self) -> str:
        """Return the signed checkpoint."""
        return self.note

    def tile(self, tile: Tile) -> bytes:
        """Return what a tile or a bundle holds."""
        return self.files[tile.path]

    def altered(self, path: str, content: bytes) -> "WrittenLog":
        """Return the log with another content at one address."""
        assert self.files[path] != content
        return replace(self, files={**self.files, path: content})

    def under(self, note: str) -> "WrittenLog":
        """Return the log with another checkpoint."""
        return replace(self, note=note)


def written_log(written: list[bytes]) -> WrittenLog:
    """Return a log of these entries with all its tiles, signed."""
    leaves = [leaf_hash(one) for one in written]
    frontier, subtrees = grow(Frontier(), leaves)
    levels: dict[int, list[bytes]] = {0: leaves}
    for subtree in subtrees:
        levels.setdefault(subtree.level, []).append(subtree.hash)
    files = {
        tile.path: b"".join(levels[tile.level or 0][tile.first : tile.first + tile.width])
        for tile in tiles_of(len(written))
    }
    for bundle in bundles_of(len(written)):
        files[bundle.path] = write_bundle(written[bundle.first : bundle.first + bundle.width])
    assert all(tile.width <= WIDTH for tile in tiles_of(len(written)))
    return WrittenLog(signed(len(written), frontier.root()), files)
