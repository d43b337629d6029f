"""Keep what never changes at hand, within a bound."""

from collections import OrderedDict


class Cache:
    """Hold the contents used last, as many as fit."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def get(self, name: str) -> bytes | None:
        """Return what is kept under a name."""
        content = self._kept.get(name)
        if content is not None:
            self._kept.move_to_end(name)
        return content

    def put(self, name: str, content: bytes) -> None:
        """Keep a content under its name; what was not used for longest goes when there is no room."""
        if name not in self._kept:
            self._kept[name] = content
            self._bytes += len(content)
        while self._bytes > self._max_bytes:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped)
