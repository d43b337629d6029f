"""Give endpoints what they read from."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from treaty_contracts.tlog.notes import Verifier
from treaty_door.instruments import Instruments
from treaty_ledger.access.allowances import Allowances
from treaty_ledger.access.gate import Gate
from treaty_ledger.append.appender import Appender
from treaty_ledger.feed.live import LiveFeed
from treaty_ledger.log.published import Published
from treaty_ledger.log.tree import LogTree
from treaty_ledger.store.reads import Reads


@dataclass(frozen=True, slots=True)
class Log:
    """Hold the signed log, and the keys that verify it."""

    tree: LogTree
    verifiers: tuple[Verifier, ...]

    @property
    def published(self) -> Published:
        """Return what is published of it."""
        return self.tree.published


@dataclass(frozen=True, slots=True)
class Access:
    """Hold who is let in, and how much they may record."""

    gate: Gate
    allowances: Allowances
    public_reads: bool


@dataclass(frozen=True, slots=True)
class Resources:
    """Hold what a running ledger serves from."""

    reads: Reads
    appender: Appender
    live: LiveFeed
    log: Log
    access: Access
    instruments: Instruments


def _reads(request: Request) -> Reads:
    resources: Resources = request.app.state.resources
    return resources.reads


def _live(request: Request) -> LiveFeed:
    resources: Resources = request.app.state.resources
    return resources.live


def _log(request: Request) -> Log:
    resources: Resources = request.app.state.resources
    return resources.log


def _instruments(request: Request) -> Instruments:
    resources: Resources = request.app.state.resources
    return resources.instruments


FromReads = Annotated[Reads, Depends(_reads)]
FromLive = Annotated[LiveFeed, Depends(_live)]
FromLog = Annotated[Log, Depends(_log)]
FromInstruments = Annotated[Instruments, Depends(_instruments)]
