"""Follow a live stream as a client does."""

from collections.abc import Iterator
from contextlib import contextmanager

from register import Register

Message = dict[str, str]


@contextmanager
def following(register: Register, query: str = "", **headers: str) -> Iterator[Iterator[Message]]:
    """Give the messages of a live stream as they come."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with register.client.stream("GET", f"{register.projector}/v1/changes/live{query}", headers=sent) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.headers["cache-control"] == "no-store"
        lines = answer.iter_lines()
        assert next(lines) == ": following"
        yield _messages(lines)


def _messages(lines: Iterator[str]) -> Iterator[Message]:
    fields: Message = {}
    for line in lines:
        if not line and fields:
            yield fields
            fields = {}
        elif line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
