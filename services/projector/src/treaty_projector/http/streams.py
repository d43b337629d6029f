"""Send a whole list as a table while it is read, page by page.

A page is fetched, its connection given back, and then it is sent: however slowly a client reads, it holds no connection
and no more memory than a page, or the row group of a Parquet file.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import TypeAlias

import orjson
from fastapi import Request, Response

from treaty_contracts.canonical import JsonObject
from treaty_door.conditions import is_known
from treaty_projector.errors import DatabaseUnavailable, TooManyQuestions, TooManyTables
from treaty_projector.exports.csv_text import CsvWriter
from treaty_projector.exports.lines import LinesWriter
from treaty_projector.exports.tables import Table, head_of
from treaty_projector.exports.writers import Writer
from treaty_projector.http.bodies import ReadWhileSent
from treaty_projector.http.forms import Form, Wanted
from treaty_projector.http.state import state_of
from treaty_projector.queries.edition import Edition
from treaty_projector.queries.questions import ListAsked

PAGE_ROWS = 500
"""How many rows are read at once, where a page costs what it holds."""

MOST_SENT = 16
"""How many tables may be on their way to clients: each keeps a page or a row group in memory."""

_READ_AT_ONCE = 2
"""How many of them may read a page at the same time, so that they leave connections to other questions."""

_REVISION = 1
"""Counts up when the same rows are written differently, so that no client keeps what was written before."""

_SAYS_NOT_WHAT = frozenset({"as_of", "known_at", "known_size", "min_size", "format"})
"""Parameters that stand in the answer, or change nothing in it."""

_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.5

Read: TypeAlias = Callable[[ListAsked], Awaitable[JsonObject]]


@dataclass(frozen=True, slots=True)
class Export:
    """Hold a list that was asked for: its columns, what its file is called, and how to read a page of so many rows."""

    table: Table
    name: str
    read: Read
    page_rows: int = PAGE_ROWS


class Tables:
    """Send tables, not more than so many at once."""

    def __init__(self) -> None:
        self._sent = 0
        self._reading = asyncio.Semaphore(_READ_AT_ONCE)

    async def answer(self, request: Request, export: Export, wanted: Wanted) -> Response:
        """Return the list as a table; its first page and the question tell whether the client has it already."""
        edition = Edition()
        first = await export.read(ListAsked(export.page_rows, None, edition))
        size, day = first["known_size"], first["as_of"]
        says = await _says(request, first) if wanted.form is Form.PARQUET else {}
        tag = _tag(request, wanted, first, [edition.name, says])
        headers = {"ETag": tag, "Treaty-Log-Size": str(size), "Cache-Control": "no-cache", "Vary": "Accept"}
        if is_known(request.headers.get("if-none-match"), tag):
            return Response(status_code=304, headers=headers)
        if self._sent >= MOST_SENT:
            raise TooManyTables(self._sent)
        headers["Content-Disposition"] = f'attachment; filename="{export.name}-{day}-at-{size}.{wanted.form.value}"'
        pages = self._pages(export, first, edition)
        portions = self._portions(export.table, pages, head_of(first), await _writer(export.table, wanted.form, says))
        return ReadWhileSent(portions, media_type=wanted.media_type, headers=headers)

    async def _portions(
        self, table: Table, pages: AsyncIterator[JsonObject], head: JsonObject, writer: Writer
    ) -> AsyncIterator[bytes]:
        """Give the table in portions; what all rows say is what the first page said."""
        self._sent += 1
        try:
            yield writer.begin()
            async for page in pages:
                yield await asyncio.to_thread(_written, table, writer, page, head)
            yield await asyncio.to_thread(writer.end)
        finally:
            self._sent -= 1

    async def _pages(self, export: Export, first: JsonObject, edition: Edition) -> AsyncIterator[JsonObject]:
        """Give the first page, and read those that follow it: at the same clocks, and of the same edition."""
        page = first
        yield page
        while isinstance(cursor := page["next"], str):
            page = await self._following(export, ListAsked(export.page_rows, cursor, edition))
            yield page

    async def _following(self, export: Export, asked: ListAsked) -> JsonObject:
        """Return a later page; try again for a while, since a client cannot ask for the rest of a table."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _PATIENCE_SECONDS
        while True:
            try:
                async with self._reading:
                    return await export.read(asked)
            except (DatabaseUnavailable, TooManyQuestions):
                if loop.time() > deadline:
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)


async def _says(request: Request, first: JsonObject) -> Mapping[str, str]:
    """Return what a Parquet file says of itself: the clocks, and the root of the log while that is its size."""
    says = {name: str(value) for name, value in head_of(first).items() if value is not None}
    projection = await state_of(request.app).questions.projection(now=dt.datetime.now(dt.UTC), trouble=None)
    if projection["size"] == first["known_size"]:
        says["root"] = str(projection["root"])
    return says


def _tag(request: Request, wanted: Wanted, first: JsonObject, about: Sequence[object]) -> str:
    """Return a strong tag, found without reading the rest.

    A day and a size fix the rows of one edition, and the code their bytes; `about` names the edition, and holds what a
    file says of itself.
    """
    asked = sorted((name, value) for name, value in request.query_params.items() if name not in _SAYS_NOT_WHAT)
    content = [request.url.path, asked, wanted.media_type, _code(wanted.form), about, first]
    return f'"{sha256(orjson.dumps(content)).hexdigest()[:32]}"'


@cache
def _code(form: Form) -> Sequence[object]:
    """Return the versions of what writes a form."""
    return (_REVISION, version("treaty-projector"), version("pyarrow") if form is Form.PARQUET else None)


async def _writer(table: Table, form: Form, says: Mapping[str, str]) -> Writer:
    match form:
        case Form.CSV:
            return CsvWriter(table)
        case Form.LINES:
            return LinesWriter(table)
        case Form.PARQUET:
            return await asyncio.to_thread(_parquet_writer, table, says)


def _parquet_writer(table: Table, says: Mapping[str, str]) -> Writer:
    from treaty_projector.exports.parquet import ParquetWriter  # noqa: PLC0415 - only who asks for it pays for pyarrow

    return ParquetWriter(table, says)


def _written(table: Table, writer: Writer, page: JsonObject, head: JsonObject) -> bytes:
    return writer.add(table.rows(page, head))
