"""Lend connections to those who answer questions: the driver's own, as many as there are, and never for long.

A pool of a library's costs more than the questions themselves: lending takes SQLAlchemy 0.1 ms of computing and
asyncpg's own pool half of that, and a question about members takes as long as both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import TypeAlias
from weakref import WeakKeyDictionary

import asyncpg

from treaty_door.instruments import PoolState
from treaty_projector import sql
from treaty_projector.connections import DRIVER_ERRORS
from treaty_projector.errors import DatabaseUnavailable, NotReady, TooManyQuestions
from treaty_projector.generations import Place

_WAIT_SECONDS = 2.0
_CONNECT_SECONDS = 5.0
_COMMAND_SECONDS = 15.0  # longer than the server's limit: only a connection that died silently reaches it
_REMEMBERED = 16  # the last so many loans tell how long one takes


Row: TypeAlias = asyncpg.Record
"""One row, whose columns are found by their names."""

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
"""The driver's own connection."""


class Reader:
    """Put statements to the read model, on one connection; 0 stands for a generation that is not known."""

    __slots__ = ("_driver", "generation")

    def __init__(self, driver: Driver, generation: int = 0) -> None:
        self._driver = driver
        self.generation = generation

    async def rows(self, name: str, **given: object) -> list[Row]:
        """Return the rows of the statement in `<name>.sql`."""
        text, names = sql.positional(name)
        return await self._driver.fetch(text, *[given[parameter] for parameter in names])

    async def row(self, name: str, **given: object) -> Row | None:
        """Return its first row, if there is one."""
        text, names = sql.positional(name)
        return await self._driver.fetchrow(text, *[given[parameter] for parameter in names])


class Reads:
    """Lend `size` connections; no transaction is needed, since rows known at a size of the log stay."""

    def __init__(self, url: str, *, place: Place, size: int, statement_timeout_ms: int) -> None:
        self._url = url
        self.place = place
        """Where the generation that answers is; a connection looks there from its next loan on."""
        self._size = size
        self._settings = {
            "application_name": "treaty-projector",
            "statement_timeout": str(statement_timeout_ms),
            "jit": "off",  # compiling costs more than any statement here
            "enable_bitmapscan": "off",  # pages are read in the order of an index, and end early
        }
        self._idle: list[Driver] = []
        self._looking_in: WeakKeyDictionary[Driver, str] = WeakKeyDictionary()
        self._places = asyncio.Semaphore(size)
        self._waiting = 0
        self._lent = 0
        self._loan_seconds = 0.0
        self._closed = False

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Reader]:
        """Lend a connection; raise TooManyQuestions if none is free in time, DatabaseUnavailable if it breaks."""
        await self._take_place()
        self._lent += 1
        began = monotonic()
        driver: Driver | None = None
        try:
            driver = await self._open()
            yield Reader(driver, await self._look_there(driver))
        except DRIVER_ERRORS as error:
            if driver is not None and not isinstance(error, asyncpg.PostgresError):
                driver.terminate()
            first_line = (str(error).splitlines() or [type(error).__name__])[0]
            raise DatabaseUnavailable(first_line) from error
        except (asyncio.CancelledError, GeneratorExit):
            if driver is not None:
                driver.terminate()  # an answer may be on its way that nobody waits for
            raise
        finally:
            if driver is not None and not driver.is_closed():
                self._give_back(driver)
            self._loan_seconds += (monotonic() - began - self._loan_seconds) / _REMEMBERED
            self._lent -= 1
            self._places.release()

    async def check(self) -> None:
        """Find the generation that answers; raise NotReady, with what to do, when the database has none, or is away."""
        try:
            async with self.lent() as reader:
                served = await reader.row("served")
        except DatabaseUnavailable as error:
            raise NotReady(
                f"{error}; check TREATY_PROJECTOR_DATABASE_URL, and run "
                "alembic -c migrations/alembic.ini -n projector upgrade head"
            ) from error
        if served is None:
            raise NotReady("the database names no generation that answers: restore projector.active from a backup")
        self.place.move_to(served["schema"], served["number"])

    def state(self) -> PoolState:
        """Return how busy the connections are."""
        return PoolState(self._size, self._lent, self._waiting)

    async def close(self) -> None:
        """Close what is not lent, and the rest as it comes back."""
        self._closed = True
        while self._idle:
            await self._idle.pop().close()

    async def _take_place(self) -> None:
        """Wait for a connection, unless so many do already that it would take too long."""
        if not self._places.locked():
            await self._places.acquire()
            return
        if (self._waiting + 1) * self._loan_seconds / self._size > _WAIT_SECONDS:
            raise TooManyQuestions
        self._waiting += 1
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise TooManyQuestions from None
        finally:
            self._waiting -= 1

    async def _open(self) -> Driver:
        while self._idle:
            driver = self._idle.pop()
            if not driver.is_closed():
                return driver
        return await asyncpg.connect(
            self._url,
            timeout=_CONNECT_SECONDS,
            command_timeout=_COMMAND_SECONDS,
            server_settings=self._settings,
        )

    async def _look_there(self, driver: Driver) -> int:
        """Let a connection look where the generation that answers lies; return its number."""
        schema, generation = self.place.schema, self.place.generation
        if self._looking_in.get(driver) != schema:
            await driver.fetchval(sql.read("look_in_schema"), schema)
            self._looking_in[driver] = schema
        return generation

    def _give_back(self, driver: Driver) -> None:
        if self._closed:
            driver.terminate()
        else:
            self._idle.append(driver)
