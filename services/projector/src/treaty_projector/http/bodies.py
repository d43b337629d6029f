"""Send a body while it is read, and let the client see when it breaks off."""

from __future__ import annotations

import logging

from starlette.responses import StreamingResponse
from starlette.types import Send

from treaty_projector.errors import ProjectorError

_log = logging.getLogger(__name__)


class ReadWhileSent(StreamingResponse):
    """Send what an iterator gives.

    When it raises, the connection ends before the body does: what arrived without an error is whole.
    """

    async def stream_response(self, send: Send) -> None:
        """Send the body; leave out its end when it could not be read to the end."""
        try:
            await super().stream_response(send)
        except ProjectorError as error:
            _log.warning("an answer was broken off: %s", error)
