"""Read entries of the log, and the facts they carry."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import orjson

from treaty_contracts.canonical import JsonObject, canonical_bytes
from treaty_contracts.envelope import parse_instant
from treaty_contracts.events import CATALOGUE, parse_data
from treaty_contracts.merkle import leaf_hash
from treaty_contracts.refusals import UnknownSchemaVersion
from treaty_contracts.upcast import to_newest
from treaty_projector.errors import LogInconsistent, SchemaTooNew, UnreadableFact
from treaty_projector.law.state import Fact

_VERSION = 1
"""How entries of the log are written."""

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one entry of the log as the projector keeps it: what the fold needs, and the hash of its leaf."""

    position: int
    recorded_at: dt.datetime
    stream: str
    participant: str | None
    """Who acted, also according to the correction of a record: facts about participants may move its treaty."""
    type: str
    source: str
    schema_version: int
    data: bytes
    leaf_hash: bytes
    traceparent: str | None = None
    """The trace that whoever posted it named in it (CloudEvents' distributed tracing extension)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold an entry as the projector keeps it after it was applied."""

    position: int
    stream: str
    type: str
    source: str
    schema_version: int
    data: bytes

    def fact(self) -> Fact:
        """Return the fact it carries; raise UnreadableFact or SchemaTooNew."""
        return fact_of(self.position, self.type, self.source, self.schema_version, self.data)


def read_entry(leaf: bytes, *, position: int) -> Entry:
    """Return the entry that a leaf of the log holds; raise LogInconsistent when it is no recorded event."""
    try:
        recorded = orjson.loads(leaf)
        version, event = recorded["v"], recorded["event"]
        entry = Entry(
            position=position,
            recorded_at=parse_instant(recorded["recorded_at"]),
            stream=event["subject"],
            participant=_named(event["data"]),
            type=event["type"],
            source=event["source"],
            schema_version=_schema_version(event),
            data=canonical_bytes(event["data"]),
            leaf_hash=leaf_hash(leaf),
            traceparent=_text(event.get("traceparent")),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise LogInconsistent(position, f"is not a recorded event ({type(error).__name__}: {error})") from error
    if version != _VERSION:
        raise LogInconsistent(position, f"is written in a way that this projector does not know (version {version})")
    return entry


def fact_of(position: int, type_: str, source: str, schema_version: int, data: bytes) -> Fact:
    """Return the fact an entry carries, read as the newest schema version writes it.

    Raise UnreadableFact for a type or for data that this release cannot read, SchemaTooNew for a schema version.
    """
    if type_ not in CATALOGUE:
        raise UnreadableFact(position, f"{type_[:_SHOWN]} is no type that this release knows")
    try:
        model = parse_data(type_, to_newest(type_, schema_version, orjson.loads(data)))
    except UnknownSchemaVersion as error:
        raise SchemaTooNew(position, type_, schema_version) from error
    except ValueError as error:
        raise UnreadableFact(position, f"the data do not follow the schema of {type_}") from error
    return Fact(position, type_, model, source, f"{type_} {source} {data.decode()}")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _named(data: JsonObject) -> str | None:
    """Return whom an event names as the one who acted; a correction says who acted in truth."""
    replacement = data.get("replacement")
    said = replacement.get("data") if isinstance(replacement, dict) else data
    return _text(said.get("participant")) if isinstance(said, dict) else None


def _schema_version(event: JsonObject) -> int:
    schema = event.get("dataschema")
    return int(schema.rsplit("/", 1)[-1]) if isinstance(schema, str) else 1
