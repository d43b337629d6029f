"""Publish logs of our own writing as files, right and altered, and prove from their tiles as a ledger does."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from contracts.written_logs import ORIGIN, VERIFIER, WrittenLog, entries, written_log
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from treaty_contracts.merkle import leaf_hash
from treaty_contracts.tlog.checkpoints import Checkpoint, PortableProof, parse_checkpoint, write_proof
from treaty_contracts.tlog.notes import ED25519, Verifier, write_note
from treaty_contracts.tlog.proofs import (
    Run,
    Span,
    consistency_spans,
    hash_of_run,
    hash_of_span,
    inclusion_spans,
    runs_of,
)
from treaty_contracts.tlog.tiles import WIDTH, Tile, bundles_of, read_bundle, read_tile, tiles_of, write_bundle

SIZES = (1, 2, 255, 256, 257, 1_000, 70_000)
"""Sizes at which trees of tiles change their shape."""

_NEXT = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x08")
NEXT_VERIFIER = Verifier(ORIGIN, ED25519 + _NEXT.public_key().public_bytes_raw())
"""The key that takes the place of VERIFIER."""

Alteration = Callable[[WrittenLog], WrittenLog]


@cache
def log_of(size: int) -> WrittenLog:
    """Return a right log of that size."""
    return written_log(entries(size))


def lay(log: WrittenLog, folder: Path) -> Path:
    """Write a log into a folder as `treaty export` does."""
    folder.mkdir()
    for path, content in log.files.items():
        file = folder / "tile" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (folder / "checkpoint").write_text(log.note)
    (folder / "vkey").write_text(f"{VERIFIER.vkey}\n")
    return folder


def under_two_keys(log: WrittenLog) -> WrittenLog:
    """Sign a log's checkpoint with the next key too, as while keys are changed."""
    text = signed_of(log).text
    (line,) = write_note(text, [(NEXT_VERIFIER, _NEXT.sign(text.encode()))]).splitlines()[-1:]
    return log.under(f"{log.note}{line}\n")


def signed_of(log: WrittenLog) -> Checkpoint:
    """Return what a log's checkpoint says, whether or not its signature holds."""
    return parse_checkpoint(log.note.partition("\n\n")[0] + "\n")


def entry_of(log: WrittenLog, index: int) -> bytes:
    """Return an entry as its bundle holds it."""
    bundle = bundles_of(signed_of(log).size)[index // WIDTH]
    return read_bundle(log.files[bundle.path])[index % WIDTH]


def entries_of(log: WrittenLog) -> list[bytes]:
    """Return all entries as their bundles hold them."""
    bundles = bundles_of(signed_of(log).size)
    return [entry for bundle in bundles for entry in read_bundle(log.files[bundle.path])]


def inclusion(log: WrittenLog, index: int) -> list[bytes]:
    """Return the proof that a log's tiles give of an entry."""
    return _told(log, inclusion_spans(index, signed_of(log).size))


def consistency(log: WrittenLog, old: int) -> list[bytes]:
    """Return the proof that a log's tiles give of its growth since a size."""
    return _told(log, consistency_spans(old, signed_of(log).size))


def portable(log: WrittenLog, index: int, *, note: str | None = None) -> str:
    """Return the tlog-proof of an entry, under the log's checkpoint or another."""
    return write_proof(PortableProof(index, tuple(inclusion(log, index)), note or log.note))


def places_in(size: int) -> list[int]:
    """Return indexes on both sides of each border that a log of that size has."""
    return sorted({place for place in (0, 1, 254, 255, 256, size // 2, size - 1) if place < size})


def altered_entry(log: WrittenLog) -> WrittenLog:
    """Change a character of the last entry."""
    bundle = bundles_of(signed_of(log).size)[-1]
    *before, last = read_bundle(log.files[bundle.path])
    return log.altered(bundle.path, write_bundle([*before, last.replace(b"somebody", b"somebodx")]))


def altered_first_tile(log: WrittenLog) -> WrittenLog:
    """Change a bit of the first leaf's hash."""
    return _with_a_bit_flipped(log, tiles_of(signed_of(log).size)[0])


def altered_top_tile(log: WrittenLog) -> WrittenLog:
    """Change a bit of the hash that stands highest."""
    return _with_a_bit_flipped(log, tiles_of(signed_of(log).size)[-1])


def altered_size(log: WrittenLog) -> WrittenLog:
    """Let the checkpoint speak of one entry more."""
    size = signed_of(log).size
    return log.under(log.note.replace(f"\n{size}\n", f"\n{size + 1}\n", 1))


def altered_root(log: WrittenLog) -> WrittenLog:
    """Let the checkpoint name another root."""
    signed = signed_of(log)
    other = Checkpoint(signed.origin, signed.size, leaf_hash(signed.root))
    return log.under(log.note.replace(signed.text, other.text, 1))


def altered_signature(log: WrittenLog) -> WrittenLog:
    """Change a character in the middle of the signature."""
    place = len(log.note) - 40
    return log.under(f"{log.note[:place]}{'B' if log.note[place] == 'A' else 'A'}{log.note[place + 1 :]}")


CHECKPOINT_ALTERATIONS: Mapping[str, Alteration] = {
    "the size": altered_size,
    "the root": altered_root,
    "the signature": altered_signature,
}

ALTERATIONS: Mapping[str, Alteration] = {
    "an entry": altered_entry,
    "a leaf's hash": altered_first_tile,
    "the highest hash": altered_top_tile,
    **CHECKPOINT_ALTERATIONS,
}


def _with_a_bit_flipped(log: WrittenLog, tile: Tile) -> WrittenLog:
    content = log.files[tile.path]
    return log.altered(tile.path, bytes([content[0] ^ 1]) + content[1:])


def _told(log: WrittenLog, spans: list[Span]) -> list[bytes]:
    size = signed_of(log).size
    return [hash_of_span([_root_of(log, run, size) for run in runs_of(span)]) for span in spans]


def _root_of(log: WrittenLog, run: Run, size: int) -> bytes:
    number, first = divmod(run.first, WIDTH)
    width = min(WIDTH, (size >> run.level * 8) - number * WIDTH)
    hashes = read_tile(log.files[Tile(run.level, number, width).path])
    return hash_of_run(hashes[first : first + run.count])
