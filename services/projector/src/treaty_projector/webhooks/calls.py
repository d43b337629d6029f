"""Call a receiver: one POST, no redirect, no proxy, no longer than allowed, and hardly a look at what it says."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpcore
import httpx

from treaty_projector.errors import TargetRefused, WebhookRefused
from treaty_projector.webhooks.guard import Guard
from treaty_projector.webhooks.schedule import wish_in
from treaty_projector.webhooks.targets import read_target

_MOST_BYTES_READ = 4096
_MOST_CHARACTERS_SAID = 200
_FIXED_HEADERS = {"Content-Type": "application/json", "User-Agent": "treaty-projector", "Accept": "*/*"}
_FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    OSError,  # also what TLS says
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what became of a call: `trouble` is None when the receiver took it."""

    trouble: str | None = None
    gone: bool = False
    """The receiver wants nothing more (410)."""

    wish: float | None = None
    """How many seconds it wants to be left alone."""


class Caller:
    """Make calls to receivers."""

    def __init__(self, guard: Guard, *, timeout_seconds: float, plain_http: bool, tls: ssl.SSLContext) -> None:
        self._timeout_seconds = timeout_seconds
        self._plain_http = plain_http
        # Nothing is kept open: a kept connection would lead to an address that nobody checks any more.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls, network_backend=guard, max_connections=None, max_keepalive_connections=0
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def post(self, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Deliver a body once; whatever happens is an answer."""
        try:
            url = read_target(target, plain_http=self._plain_http)
            async with asyncio.timeout(self._timeout_seconds):
                return await self._post(url, body, headers)
        except (TargetRefused, WebhookRefused) as error:
            return Answer(str(error))
        except TimeoutError:
            return Answer(f"no answer within {self._timeout_seconds:g} seconds")
        except httpcore.ProtocolError:
            return Answer("no answer (it hung up, or does not speak HTTP)")  # what it said instead is nobody's business
        except _FAILURES as error:
            return Answer(f"no answer ({_line(error)})")

    async def _post(self, url: httpx.URL, body: bytes, headers: Mapping[str, str]) -> Answer:
        whole = {"Host": url.netloc.decode("ascii"), **_FIXED_HEADERS, **headers}
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout_seconds)
        async with self._pool.stream(
            "POST", target, headers=list(whole.items()), content=body, extensions={"timeout": timeouts}
        ) as answer:
            await _hear_out(answer)
            return _read(answer)


async def _hear_out(answer: httpcore.Response) -> None:
    """Let a receiver that says a word end in order; one that says more is cut off."""
    left = _MOST_BYTES_READ
    async for chunk in answer.aiter_stream():
        left -= len(chunk)
        if left <= 0:
            return


def _read(answer: httpcore.Response) -> Answer:
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Answer()
    said = {name.lower(): value for name, value in answer.headers}.get(b"retry-after")
    wish = wish_in(said.decode("latin-1") if said else None, now=dt.datetime.now(dt.UTC))
    return Answer(f"it answered {status}", gone=status == HTTPStatus.GONE, wish=wish)


def _line(error: Exception) -> str:
    said = (str(error).splitlines() or [""])[0]
    return said[:_MOST_CHARACTERS_SAID] if said.isprintable() and said else type(error).__name__
