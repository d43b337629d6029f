"""Prove that nobody altered a log: check every byte that the ledger's database holds of it."""

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from treaty_contracts.tlog.notes import Verifier
from treaty_contracts.tlog.replay import LogWrong
from treaty_ledger.commands.opened import opened_log
from treaty_ledger.errors import CannotStart, LedgerError
from treaty_ledger.log.guard import read_guard
from treaty_ledger.log.opening import check_extends, found_keys
from treaty_ledger.settings import Settings, load_settings
from treaty_ledger.verify import Audited, verify_database
from treaty_standalone.errors import CannotVerify, LogNotProved
from treaty_standalone.postgres import reachable


@contextmanager
def settings_for(data_dir: Path) -> Iterator[Settings]:
    """Give the ledger's settings; where they name no database, those of a data folder of `treaty up`."""
    if any(os.environ.get(name) for name in ("TREATY_LEDGER_DATABASE_URL", "TREATY_DATABASE_URL")):
        yield load_settings()
        return
    with reachable(data_dir / "postgres") as url:
        yield load_settings(treaty_database_url=url, state_dir=data_dir / "ledger")


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
