"""Give endpoints what they read from."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from treaty_ledger.append.appender import Appender
from treaty_ledger.feed.live import LiveFeed
from treaty_ledger.store.reads import Reads


@dataclass(frozen=True, slots=True)
class Resources:
    """Hold what a running ledger serves from."""

    reads: Reads
    appender: Appender
    live: LiveFeed


def _reads(request: Request) -> Reads:
    resources: Resources = request.app.state.resources
    return resources.reads


def _live(request: Request) -> LiveFeed:
    resources: Resources = request.app.state.resources
    return resources.live


def _resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


FromResources = Annotated[Resources, Depends(_resources)]
FromReads = Annotated[Reads, Depends(_reads)]
FromLive = Annotated[LiveFeed, Depends(_live)]
