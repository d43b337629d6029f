"""Answer HEAD as GET without the body (RFC 9110, 9.3.2)."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Let an application that knows GET answer HEAD too; what would be streamed ends with its head."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, HEAD as GET."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                if "route" in asked:  # whoever counts requests by route looks where the request came in
                    scope["route"] = asked["route"]
                await send(message)
                await send({"type": "http.response.body", "body": b""})

        await self._app(asked, receive, send_head)
