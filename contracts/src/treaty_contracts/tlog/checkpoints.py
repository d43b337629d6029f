"""Write and read what a log commits to at one size (C2SP tlog-checkpoint), and proofs that carry it (tlog-proof)."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass

from treaty_contracts.tlog.notes import NoteWrong
from treaty_contracts.tlog.tiles import HASH_BYTES

PROOF_HEADER = "c2sp.org/tlog-proof@v1"
"""The first line of a proof that can be checked without the log."""

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Hold what a log commits to: that its first `size` entries have this root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return what is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class PortableProof:
    """Hold a proof that an entry is in the log, together with the checkpoint it leads to."""

    index: int
    hashes: tuple[bytes, ...]
    note: str


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint in the text of a note; further lines are passed over. Raises NoteWrong."""
    lines = text.split("\n")
    if len(lines) <= _LINES or not lines[0] or _SIZE.fullmatch(lines[1]) is None:
        raise NoteWrong("a checkpoint begins with its origin, its size and its root")
    return Checkpoint(lines[0], int(lines[1]), _hash(lines[2]))


def write_proof(proof: PortableProof) -> str:
    """Return the proof as a file that anybody may keep."""
    hashes = "".join(f"{b64encode(hash_).decode()}\n" for hash_ in proof.hashes)
    return f"{PROOF_HEADER}\nindex {proof.index}\n{hashes}\n{proof.note}"


def parse_proof(text: str) -> PortableProof:
    """Return the proof in such a file; raise NoteWrong when it is not one."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if not note or lines.pop(0) != PROOF_HEADER:
        raise NoteWrong(f"a proof begins with {PROOF_HEADER}")
    if lines and lines[0].startswith("extra "):
        lines.pop(0)
    name, _, index = lines.pop(0).partition(" ") if lines else ("", "", "")
    if name != "index" or _SIZE.fullmatch(index) is None:
        raise NoteWrong("a proof names the index of its entry")
    return PortableProof(int(index), tuple(map(_hash, lines)), note)


def encode_hashes(hashes: Sequence[bytes]) -> list[str]:
    """Return hashes as JSON writes them: in base64."""
    return [b64encode(hash_).decode() for hash_ in hashes]


def _hash(text: str) -> bytes:
    try:
        hash_ = b64decode(text, validate=True)
    except Base64Error:
        hash_ = b""
    if len(hash_) != HASH_BYTES:
        raise NoteWrong(f"{text[:100]!r} is no hash")
    return hash_
