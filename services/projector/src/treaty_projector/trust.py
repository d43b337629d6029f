"""Decide whether a checkpoint counts: by whose keys it is signed, and of which log it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from treaty_contracts.tlog.checkpoints import Checkpoint, parse_checkpoint
from treaty_contracts.tlog.notes import NoteWrong, Verifier, open_note
from treaty_projector.errors import LogInconsistent


@dataclass(frozen=True, slots=True)
class Signed:
    """Hold a checkpoint, and the signed note that it stood in."""

    checkpoint: Checkpoint
    note: str


@dataclass(frozen=True, slots=True)
class Trust:
    """Hold whose log is followed: its name, where it is known, and the keys that vouch for it."""

    origin: str | None
    keys: tuple[Verifier, ...]

    def open(self, note: str) -> Signed:
        """Return the checkpoint in a note; raise LogInconsistent unless it is this log's and a key has signed it."""
        try:
            text, _ = open_note(note, self.keys)
            checkpoint = parse_checkpoint(text)
        except NoteWrong as error:
            raise LogInconsistent(None, f"the ledger's checkpoint does not count: {error}") from error
        if self.origin is not None and checkpoint.origin != self.origin:
            raise LogInconsistent(None, f"the ledger shows the log {checkpoint.origin}, and {self.origin} was followed")
        return Signed(checkpoint, note)


def trust_at_first_sight(note: str, keys: Iterable[Verifier]) -> Trust:
    """Return the trust that a log which was never seen before asks for: in all its keys that signed the note."""
    try:
        text, signers = open_note(note, keys)
        return Trust(parse_checkpoint(text).origin, signers)
    except NoteWrong as error:
        raise LogInconsistent(None, f"the ledger's checkpoint does not count: {error}") from error
