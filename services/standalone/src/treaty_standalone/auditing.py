"""Prove that nobody altered a published log: replay it whole, from a ledger or from an export."""

from collections.abc import Callable, Iterable
from pathlib import Path

from treaty_contracts.tlog.checkpoints import Checkpoint, parse_checkpoint
from treaty_contracts.tlog.notes import NoteWrong, Verifier, open_note
from treaty_contracts.tlog.replay import LogWrong, verify_log
from treaty_contracts.tlog.tiles import bundles_of, tiles_of
from treaty_standalone.errors import LogNotProved
from treaty_standalone.files import write_whole
from treaty_standalone.published_log import CHECKPOINT, VKEY, PublishedLog, read_vkeys

Progress = Callable[[int, int], None]
"""Hears how many events of how many are done."""


def verify_published(
    log: PublishedLog, verifiers: Iterable[Verifier], *, seen: Path | None, progress: Progress
) -> Checkpoint:
    """Check a published log from its first entry to its checkpoint, which it returns.

    `seen` is a file with the checkpoint of an earlier look, which the log must extend; the new one replaces it.
    Raises LogNotProved.
    """
    keys = tuple(verifiers)
    try:
        earlier = [parse_checkpoint(open_note(seen.read_text(), keys)[0])] if seen and seen.exists() else []
        note = log.checkpoint()
        checkpoint = verify_log(_Fixed(log, note), keys, seen=earlier, progress=progress)
    except (NoteWrong, LogWrong) as error:
        raise LogNotProved(str(error)) from error
    if seen:
        write_whole(seen, note.encode())
    return checkpoint


def export(log: PublishedLog, folder: Path, *, progress: Progress) -> Checkpoint:
    """Write a whole log into a folder that any web server can serve; what is there already stays.

    Nothing is checked but the form of the checkpoint: `verify_published` checks. Raises LogNotProved.
    """
    note = log.checkpoint()
    keys = log.read(VKEY)
    try:
        checkpoint = parse_checkpoint(open_note(note, read_vkeys(keys.decode()))[0])
    except NoteWrong as error:
        raise LogNotProved(str(error)) from error
    wanted = [*bundles_of(checkpoint.size), *tiles_of(checkpoint.size)]
    for done, tile in enumerate(wanted, 1):
        file = folder / "tile" / tile.path
        if not file.exists():
            write_whole(file, log.tile(tile))
        progress(done, len(wanted))
    write_whole(folder / VKEY, keys)
    write_whole(folder / CHECKPOINT, note.encode())
    return checkpoint


class _Fixed:
    """Give the tiles of a log under one checkpoint, while it may grow."""

    def __init__(self, log: PublishedLog, note: str) -> None:
        self._note = note
        self.tile = log.tile

    def checkpoint(self) -> str:
        return self._note
