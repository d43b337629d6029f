"""Name every reason for which an event is not accepted.

Refused
├── MalformedJson           not JSON, or JSON that two readers might read differently
├── UnknownEventType        a type the catalogue lacks
├── InvalidEvent            an event that does not follow its schema
└── UnknownSchemaVersion    a version of a schema that this release does not know
"""

from dataclasses import dataclass

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class FieldError:
    """Say what to change at one place of an event, found by its JSON Pointer (RFC 6901)."""

    pointer: str
    detail: str


class Refused(Exception):
    """An event that is not accepted."""


class MalformedJson(Refused):
    """A body that is not acceptable JSON."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class UnknownEventType(Refused):
    """A type that is not in the catalogue."""

    def __init__(self, type_: str) -> None:
        super().__init__(f"{type_[:_SHOWN]!r} is not a type of the catalogue")
        self.type = type_


class InvalidEvent(Refused):
    """An event that does not follow its schema; each error says where, and what to change."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__("; ".join(f"{error.pointer}: {error.detail}" for error in errors))
        self.errors = errors


class UnknownSchemaVersion(Refused):
    """A schema version that this release does not know."""

    def __init__(self, type_: str, version: int) -> None:
        super().__init__(f"{type_[:_SHOWN]!r} has no schema version {version}")
        self.type = type_
        self.version = version
