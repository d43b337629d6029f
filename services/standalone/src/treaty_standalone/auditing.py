"""Prove that nobody altered a log: replay it whole, from a ledger, from an export, or from the database itself."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from treaty_contracts.tlog.checkpoints import Checkpoint, parse_checkpoint
from treaty_contracts.tlog.notes import NoteWrong, Verifier, open_note
from treaty_contracts.tlog.replay import LogWrong, verify_log
from treaty_contracts.tlog.tiles import bundles_of, tiles_of
from treaty_ledger.commands.opened import opened_log
from treaty_ledger.errors import CannotStart, LedgerError
from treaty_ledger.log.guard import read_guard
from treaty_ledger.log.opening import check_extends, found_keys
from treaty_ledger.settings import Settings
from treaty_ledger.verify import Audited, verify_database
from treaty_standalone.errors import CannotVerify, LogNotProved
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


def verify_stored(settings: Settings, verifiers: Iterable[Verifier], *, progress: Callable[[int], None]) -> Audited:
    """Check all that the ledger's database holds, and that the signing guard knows nothing else.

    Without `verifiers` the ledger's own keys check its checkpoints. Raises LogNotProved, CannotVerify.
    """
    try:
        return asyncio.run(_verify_stored(settings, tuple(verifiers), progress))
    except LogWrong as error:
        raise LogNotProved(str(error)) from error
    except LedgerError as error:
        raise (CannotVerify if isinstance(error, CannotStart) else LogNotProved)(str(error)) from error


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


async def _verify_stored(
    settings: Settings, verifiers: tuple[Verifier, ...], progress: Callable[[int], None]
) -> Audited:
    async with opened_log(settings) as log:
        keys = verifiers or found_keys(log.place, log.origin).verifiers
        audited = await verify_database(log.audit, keys, progress=progress)
        guarded = read_guard(log.place.guard_file(log.origin), log.origin)
        if guarded is not None:
            await check_extends(log.tree, guarded, size=audited.events)
        return audited
