"""Connect to receivers at addresses that were checked, and at no others."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import TypeAlias

import httpcore

from treaty_projector.errors import TargetRefused
from treaty_projector.webhooks.addresses import Network, forbidden_among, read_address

Resolve: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""Look a name up: the addresses of a host, in the order in which to try them."""

_MOST_ADDRESSES = 4
_SECONDS_FOR_ONE = 5.0


class Guard(httpcore.AsyncNetworkBackend):
    """Open connections for the HTTP client: look the name up once, check every address, connect to what was checked.

    Whoever rules a name may answer differently the next time it is asked for, so nobody asks again. The client goes on
    to speak of the receiver by its name, in TLS and in the Host header.
    """

    def __init__(self, allowed: Sequence[Network], *, resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def check(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host; raise TargetRefused when it has none, or one that must not be called."""
        try:
            found = await self._resolve(host, port)
            addresses = [read_address(text) for text in found]
        except (OSError, ValueError) as error:
            raise TargetRefused(host, f"its address is not known ({error})") from error
        if not addresses:
            raise TargetRefused(host, "it has no address")
        forbidden = forbidden_among(addresses, self._allowed)
        if forbidden is not None:
            raise TargetRefused(
                host,
                f"{forbidden} is no address of the public internet; TREATY_PROJECTOR_WEBHOOK_ALLOW names what else "
                "may be called",
            )
        return found[:_MOST_ADDRESSES]

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the HTTP client's own words
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers."""
        seconds = min(timeout or _SECONDS_FOR_ONE, _SECONDS_FOR_ONE)
        trouble: Exception = httpcore.ConnectError(host)
        for address in await self.check(host, port):
            try:
                return await self._network.connect_tcp(
                    address, port, timeout=seconds, local_address=local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble


async def look_up(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host, in a thread of its own: a name server may take its time.

    The loop's few threads for that serve the database and the ledger too, and no thread can be stopped.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str], error: Exception | None) -> None:
        if answer.done():
            return  # the delivery was given up meanwhile
        if error is None:
            answer.set_result(found)
        else:
            answer.set_exception(error)

    def ask() -> None:
        found: list[str] = []
        trouble: Exception | None = None
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(info[4][0]) for info in infos))
        except (OSError, ValueError) as error:
            trouble = error
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, found, trouble)

    threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
    return await answer
