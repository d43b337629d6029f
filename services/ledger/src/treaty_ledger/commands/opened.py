"""Open what commands work on: the API keys or the tree in the database, and the place of the log's key and guard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_ledger.errors import LogUnnamed
from treaty_ledger.log.opening import LogPlace, log_place
from treaty_ledger.settings import Settings
from treaty_ledger.store.api_keys import ApiKeys
from treaty_ledger.store.audit import AuditReads
from treaty_ledger.store.connections import open_engine, require_migrated
from treaty_ledger.store.tree import TreeReads

_WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class OpenedLog:
    """Hold a database's log: its name, its tree, all its rows, and where its key and its guard are."""

    origin: str
    tree: TreeReads
    audit: AuditReads
    place: LogPlace


@asynccontextmanager
async def opened_log(settings: Settings) -> AsyncIterator[OpenedLog]:
    """Give the log of the database; raise CannotStart, also when it has no name yet."""
    async with _opened(settings.database_url.get_secret_value()) as engine:
        tree = TreeReads(engine)
        origin = await tree.origin()
        if origin is None:
            raise LogUnnamed
        yield OpenedLog(origin, tree, AuditReads(engine), log_place(settings))


@asynccontextmanager
async def opened_api_keys(database_url: str) -> AsyncIterator[ApiKeys]:
    """Give the API keys of a database; raise CannotStart."""
    async with _opened(database_url) as engine:
        yield ApiKeys(engine)


@asynccontextmanager
async def _opened(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(database_url, name="ledger command", size=1, wait_seconds=_WAIT_SECONDS)
    try:
        await require_migrated(engine)
        yield engine
    finally:
        await engine.dispose()
