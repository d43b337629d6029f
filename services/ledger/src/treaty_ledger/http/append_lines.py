"""Record JSON Lines as they arrive and answer each line, in order, while more arrive.

Three tasks: one reads lines, one records them in portions and writes the answers down, one sends the answers. A client
may send everything before it reads anything: answers that it does not take yet wait in a temporary file, so that
neither side ever waits for the other for ever, and memory stays bounded.
"""

import asyncio
from collections.abc import Iterator, Sequence

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from treaty_contracts.refusals import Refused
from treaty_ledger.append.appender import Appender
from treaty_ledger.append.outcomes import Outcome, Submission
from treaty_ledger.append.outcomes import Request as AppendRequest
from treaty_ledger.errors import LedgerError, Unavailable
from treaty_ledger.http.answers import Answers
from treaty_ledger.http.bodies import Line, lines_of
from treaty_ledger.http.intake import one_line
from treaty_ledger.http.media_types import JSON_LINES
from treaty_ledger.http.portions import Portions, ReadLine
from treaty_ledger.http.receipts import answer_line
from treaty_ledger.http.writers import Writer


class LinesExchange(Response):
    """Answer lines with lines."""

    media_type = JSON_LINES

    def __init__(self, request: Request, appender: Appender, *, writer: Writer, stops_at_refusal: bool) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no", **writer.headers})
        del self.headers["content-length"]
        self._request = request
        self._appender = appender
        self._writer = writer
        self._stops_at_refusal = stops_at_refusal
        self._portions = Portions()
        self._answers = Answers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Exchange lines until the body ends, a refusal stops it, or the client is gone."""
        with self._answers:
            async with asyncio.TaskGroup() as tasks:
                reading = tasks.create_task(self._read())
                # Reading begins first: a client that expects to be asked for its lines would take this for the end.
                await asyncio.sleep(0)
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                tasks.create_task(self._record(reading))
                tasks.create_task(self._send(send))

    async def _read(self) -> None:
        try:
            async for lines in lines_of(self._request):
                if not await self._take_in(lines):
                    break
                if seconds := self._writer.overdrawn(len(lines)):
                    await asyncio.sleep(seconds)  # whoever sends more than they may is read more slowly
        except ClientDisconnect:
            pass  # what was read is recorded, though nobody hears the answers
        finally:
            self._portions.end()

    async def _take_in(self, lines: Sequence[Line]) -> bool:
        """Pass lines on, as long as their writer is still let in; return whether to read more."""
        try:
            await self._writer.still()
        except LedgerError as error:
            await self._portions.put(ReadLine(lines[0].number, error, 0))
            return False
        for line in lines:
            asked = self._writer.permitted_line(one_line(line, recorded_by=self._writer.name))
            await self._portions.put(ReadLine(line.number, asked, len(line.content or b"")))
        return True

    async def _record(self, reading: "asyncio.Task[None]") -> None:
        goes_on = True
        while goes_on and (portion := await self._portions.take()):
            goes_on = await self._record_portion(portion)
        reading.cancel()
        self._answers.end()

    async def _record_portion(self, portion: Sequence[ReadLine]) -> bool:
        """Record a portion and write its answers down; return whether to go on."""
        if self._stops_at_refusal:
            portion = _up_to_refusal(portion)
        asked = tuple(line.asked for line in portion if isinstance(line.asked, AppendRequest))
        outcomes: Sequence[Outcome | Unavailable] = ()
        available = True
        if asked:
            try:
                outcomes = await self._appender.append_all(Submission(asked, self._stops_at_refusal))
            except Unavailable as error:
                outcomes, available = [error] * len(asked), False
        answers, refused = [], False
        for line, outcome in _paired(portion, iter(outcomes)):
            answers.append(answer_line(line.number, outcome))
            refused = isinstance(outcome, Refused | LedgerError)
            if refused and self._stops_at_refusal:
                break
        self._answers.write(b"".join(answers))
        return available and not (refused and self._stops_at_refusal)

    async def _send(self, send: Send) -> None:
        while answers := await self._answers.take():
            await send({"type": "http.response.body", "body": answers, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _up_to_refusal(portion: Sequence[ReadLine]) -> Sequence[ReadLine]:
    """Return a portion as far as its first line that cannot be recorded."""
    for index, line in enumerate(portion):
        if not isinstance(line.asked, AppendRequest):
            return portion[: index + 1]
    return portion


def _paired(
    portion: Sequence[ReadLine], outcomes: Iterator[Outcome | Unavailable]
) -> Iterator[tuple[ReadLine, Outcome | Unavailable | Refused | LedgerError]]:
    """Yield each line with what became of it; `outcomes` are those of the lines that could be tried."""
    for line in portion:
        yield line, next(outcomes) if isinstance(line.asked, AppendRequest) else line.asked
