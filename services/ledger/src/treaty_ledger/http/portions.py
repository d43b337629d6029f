"""Pass lines on in portions: whatever arrived while the portion before was being recorded, within bounds."""

import asyncio
from typing import NamedTuple

from treaty_contracts.refusals import Refused
from treaty_ledger.append.outcomes import Request
from treaty_ledger.errors import LedgerError

LINES_AT_ONCE = 500
"""The most lines in one portion."""

BYTES_AT_ONCE = 2**20
"""A portion takes in no further line once it has so many bytes."""


class ReadLine(NamedTuple):
    """Hold a line that was read: what it asks to record, or what is wrong with it."""

    number: int
    asked: Request | Refused | LedgerError
    size: int


class Portions:
    """Hold the portion that gathers between a reader and a recorder."""

    def __init__(self) -> None:
        self._lines: list[ReadLine] = []
        self._size = 0
        self._ended = False
        self._arrived = asyncio.Event()
        self._taken = asyncio.Event()

    async def put(self, line: ReadLine) -> None:
        """Add a line, once there is room for it."""
        while len(self._lines) >= LINES_AT_ONCE or self._size >= BYTES_AT_ONCE:
            self._taken.clear()
            await self._taken.wait()
        self._lines.append(line)
        self._size += line.size
        self._arrived.set()

    def end(self) -> None:
        """Say that no line will follow."""
        self._ended = True
        self._arrived.set()

    async def take(self) -> list[ReadLine]:
        """Return what gathered, waiting for at least one line; nothing when the lines have ended."""
        while not self._lines and not self._ended:
            self._arrived.clear()
            await self._arrived.wait()
        lines, self._lines, self._size = self._lines, [], 0
        self._taken.set()
        return lines
