"""Say how much a connection may take, and how long."""

from dataclasses import dataclass

HEAD_BYTES = 16 * 1024
"""The most bytes a request line and its headers may have; and the most that may frame a body beside its content."""

BODY_PROGRESS = 1_024
"""How many bytes of a body must arrive in the time that it has, for it to get as much time again."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold what an operator may set."""

    clients: int
    """How many connections may be open at once."""

    head_seconds: float
    """How long a head may take to arrive."""

    body_seconds: float
    """How long a body may take to bring its next BODY_PROGRESS bytes."""

    idle_seconds: float
    """How long a connection may stay open between two requests."""

    unread_seconds: float
    """How long a client may leave an answer unread while it sends nothing either."""
