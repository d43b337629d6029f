"""Read requests off a connection, within limits.

uvicorn's protocol reads any number of bytes for any length of time, and answers what is no HTTP in plain text. This one
bounds both, and answers with a problem wherever no other answer is due on the connection.
"""

from asyncio import Protocol, TimerHandle, Transport
from enum import Enum, auto
from typing import NoReturn

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from treaty_door.heads import fault_in
from treaty_door.limits import BODY_PROGRESS, HEAD_BYTES, Limits
from treaty_door.refusals import HEAD_TOO_LARGE, MALFORMED, TIMEOUT, TOO_MANY, Tally, answer_to

_AT_ONCE = 4_096
_CHUNK_FRAME = 32  # a chunk's size and line breaks, generously
_FAREWELLS = 64  # connections beyond the limit that are told so
_FAREWELL_SECONDS = 2.0


class _Part(Enum):
    """Name what of a request a connection waits for."""

    NOTHING = auto()
    HEAD = auto()
    BODY = auto()


def within(limits: Limits, tally: Tally) -> type[Protocol]:
    """Return the protocol that holds the connections of one server to `limits`, for uvicorn's configuration."""
    return type("LimitedProtocol", (DoorProtocol,), {"limits": limits, "tally": tally})


class DoorProtocol(HttpToolsProtocol):
    """Let the requests of one connection in."""

    limits: Limits
    tally: Tally

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # uvicorn's signature
        """Take a connection in, as long as there is room."""
        self._part = _Part.HEAD
        self._watched: _Part | None = None
        self._timer: TimerHandle | None = None
        self._unread_timer: TimerHandle | None = None
        self._closing = False
        self._turns = 0  # how often a part gave way to another
        self._received = 0  # bytes of everything
        self._content = 0  # bytes of bodies, and what their chunks may take beside them
        self._framing = 0  # bytes of the present part that are no content
        self._progress = 0  # the content when the body was given its time
        self._reason: tuple[str, str | None] = (MALFORMED, None)
        super().connection_made(transport)
        self.timeout_keep_alive = self.limits.idle_seconds  # type: ignore[assignment] # any number of seconds will do
        if len(self.connections) > self.limits.clients:
            self._refuse(TOO_MANY)
        else:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._closing = True
        self._cancel_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived, unless the connection is being closed."""
        if self._closing:
            return
        self._received += len(data)
        self._unset_keepalive_if_required()
        if self._part is _Part.NOTHING:
            self._part, self._framing = _Part.HEAD, 0
        try:
            for start in range(0, len(data), _AT_ONCE):
                self._take(data[start : start + _AT_ONCE])
        except httptools.HttpParserError:
            self._refuse(*self._reason)
        else:
            self._watch()

    def pause_writing(self) -> None:
        """Give the client time to read what it was sent."""
        super().pause_writing()
        if self._unread_timer is None:
            self._unread_timer = self.loop.call_later(self.limits.unread_seconds, self._unread, self._received)

    def resume_writing(self) -> None:
        """Note that the client reads."""
        super().resume_writing()
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._turn(_Part.HEAD)
        self._watched = None
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Let the application see a request whose head has but one meaning."""
        if len(self.url) + sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers) > HEAD_BYTES:
            self._stop(HEAD_TOO_LARGE)
        if fault := fault_in(self.headers, version=self.parser.get_http_version()):
            self._stop(MALFORMED, fault)
        super().on_headers_complete()
        self.headers = []  # what comes after the body is no header of the request, and dropped (RFC 9110, 6.5.1)
        self._turn(_Part.BODY)
        self._progress = self._content

    def on_chunk_header(self) -> None:
        """Allow a chunk its frame."""
        self._content += _CHUNK_FRAME

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._content += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._turn(_Part.NOTHING)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, or see to it that the connection ends."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._close()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection on which nothing was asked for too long."""
        self._close()

    def _turn(self, part: _Part) -> None:
        self._turns += 1
        self._part, self._framing = part, 0

    def _take(self, data: bytes) -> None:
        """Parse a piece; what goes on and on without content is refused."""
        turns, content = self._turns, self._content
        self._feed(data)
        if self._turns != turns:
            return
        self._framing += len(data) - (self._content - content)
        if self._framing > HEAD_BYTES:
            self._reason = (HEAD_TOO_LARGE if self._part is _Part.HEAD else MALFORMED, None)
            raise httptools.HttpParserError

    def _feed(self, data: bytes) -> None:
        """Parse bytes; a request to speak another protocol is answered in this one (RFC 9110, 7.8)."""
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]
            else:
                return

    def _stop(self, name: str, detail: str | None = None) -> NoReturn:
        """End parsing within a callback, for a reason."""
        self._reason = (name, detail)
        raise httptools.HttpParserError(name)

    def _watch(self) -> None:
        """Give the part that is on its way its time."""
        if self._watched is self._part:
            return
        self._watched = self._part
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        match self._part:
            case _Part.HEAD:
                self._timer = self.loop.call_later(self.limits.head_seconds, self._late)
            case _Part.BODY:
                self._progress = self._content
                self._timer = self.loop.call_later(self.limits.body_seconds, self._late)
            case _Part.NOTHING if self.cycle.response_complete and self.timeout_keep_alive_task is None:
                # The body ended after the answer to it: nobody else waits for what comes next.
                self.timeout_keep_alive_task = self.loop.call_later(
                    self.limits.idle_seconds, self.timeout_keep_alive_handler
                )
            case _:
                pass

    def _late(self) -> None:
        """Refuse what did not arrive in time, unless it is we who make the client wait."""
        self._watched = None
        if self.flow.read_paused or (self._part is _Part.BODY and self._is_excused()):
            self._watch()
        elif self._received:
            self._refuse(TIMEOUT)
        else:
            self._close()  # somebody connected and asked nothing

    def _is_excused(self) -> bool:
        """Tell whether a body moves, or may not do so yet; while it is being answered, slowly will do."""
        enough = 1 if self.cycle.response_started else BODY_PROGRESS
        moves = self._content - self._progress >= enough and not self.cycle.response_complete
        return moves or self.cycle.waiting_for_100_continue

    def _unread(self, received: int) -> None:
        """Give up on a client that neither reads nor sends."""
        self._unread_timer = None
        if self._received > received:
            self.pause_writing()
        else:
            self.transport.abort()

    def _refuse(self, name: str, detail: str | None = None) -> None:
        """End the connection; answer unless an earlier answer is due or begun, which this one would be taken for."""
        self._closing = True
        self._cancel_timers()
        self.tally.note(name)
        latest: RequestResponseCycle | None = self.cycle
        due = latest is not None and not latest.response_complete
        if self._part is _Part.BODY:
            due = self.cycle.response_started or bool(self.pipeline)
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if due or len(self.connections) > self.limits.clients + _FAREWELLS:
            self._close()
            return
        self.transport.write(answer_to(name, detail))
        # Closing while bytes arrive would reset the connection, perhaps before the client has read the answer.
        self.transport.write_eof()
        self.flow.resume_reading()
        self._timer = self.loop.call_later(_FAREWELL_SECONDS, self._close)

    def _close(self) -> None:
        """Close the connection once everything is sent, but do not wait for ever for a client that takes nothing."""
        self._closing = True
        self._cancel_timers()
        self.transport.close()
        self._timer = self.loop.call_later(self.limits.unread_seconds, self.transport.abort)

    def _cancel_timers(self) -> None:
        for timer in (self._timer, self._unread_timer):
            if timer is not None:
                timer.cancel()
        self._timer = self._unread_timer = None
        self._unset_keepalive_if_required()
