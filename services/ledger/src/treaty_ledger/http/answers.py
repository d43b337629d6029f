"""Keep answers until the client takes them, in a temporary file when they are many."""

import asyncio
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

_MEMORY_BYTES = 2**20
_AT_ONCE_BYTES = 2**16


class Answers:
    """Hold bytes between one who writes and one who sends, who may be slower; a context, which frees the file."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile[bytes](max_size=_MEMORY_BYTES)
        self._written = 0
        self._sent = 0
        self._ended = False
        self._changed = asyncio.Event()

    def write(self, answers: bytes) -> None:
        """Add bytes to be sent."""
        self._file.seek(self._written)
        self._file.write(answers)
        self._written += len(answers)
        self._changed.set()

    def end(self) -> None:
        """Say that nothing will follow."""
        self._ended = True
        self._changed.set()

    async def take(self) -> bytes:
        """Return the next bytes to send, waiting for some; none when everything is sent."""
        while self._sent == self._written and not self._ended:
            self._changed.clear()
            await self._changed.wait()
        self._file.seek(self._sent)
        taken = self._file.read(min(_AT_ONCE_BYTES, self._written - self._sent))
        self._sent += len(taken)
        if self._sent == self._written:
            self._file.seek(0)
            self._file.truncate()
            self._sent = self._written = 0
        return taken

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
