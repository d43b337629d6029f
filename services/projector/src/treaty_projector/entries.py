"""Read entries of the log, and the facts they carry."""

from __future__ import annotations

import datetime as dt
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass

import orjson

from treaty_contracts.canonical import JsonObject, canonical_bytes
from treaty_contracts.envelope import leaf, parse_instant
from treaty_contracts.events import parse_data
from treaty_contracts.merkle import leaf_hash
from treaty_contracts.refusals import UnknownSchemaVersion
from treaty_contracts.upcast import to_newest
from treaty_projector.errors import LogInconsistent
from treaty_projector.law.state import Fact

_EVENT = b',"event":'


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one entry of the log as the projector keeps it: what the fold needs, and the hash of its leaf."""

    position: int
    recorded_at: dt.datetime
    stream: str
    participant: str | None
    type: str
    source: str
    schema_version: int
    data: bytes
    leaf_hash: bytes


def read_entry(line: bytes, *, expected: int) -> Entry:
    """Return the entry of one line of the feed; raise LogInconsistent when it is not the next one, or was altered."""
    try:
        recorded = orjson.loads(line)
        event = recorded["event"]
        entry = Entry(
            position=recorded["position"],
            recorded_at=parse_instant(recorded["recorded_at"]),
            stream=event["subject"],
            participant=event["data"].get("participant"),
            type=event["type"],
            source=event["source"],
            schema_version=_schema_version(event),
            data=canonical_bytes(event["data"]),
            leaf_hash=b64decode(recorded["leaf_hash"], validate=True),
        )
    except (KeyError, TypeError, AttributeError, ValueError, Base64Error) as error:
        raise LogInconsistent(expected, f"is not a recorded event ({type(error).__name__}: {error})") from error
    if entry.position != expected:
        raise LogInconsistent(expected, f"is missing: the ledger sent {entry.position} in its place")
    # The ledger writes the accepted bytes as they are; their hash shows whether they still are.
    event_bytes = line[line.index(_EVENT) + len(_EVENT) : line.rindex(b"}")]
    if leaf_hash(leaf(event_bytes, recorded["recorded_at"], recorded["recorded_by"])) != entry.leaf_hash:
        raise LogInconsistent(expected, "does not have the leaf hash it claims")
    return entry


def fact_of(position: int, type_: str, source: str, schema_version: int, data: bytes) -> Fact:
    """Return the fact an entry carries, read as the newest schema version writes it."""
    posted = orjson.loads(data)
    try:
        model = parse_data(type_, to_newest(type_, schema_version, posted))
    except (UnknownSchemaVersion, KeyError) as error:
        raise LogInconsistent(
            position, f"is of a type this projector does not know ({type_}, {schema_version})"
        ) from error
    except ValueError as error:
        raise LogInconsistent(position, f"does not follow the schema of {type_}") from error
    return Fact(position, type_, model, source, f"{type_} {source} {data.decode()}")


def _schema_version(event: JsonObject) -> int:
    schema = event.get("dataschema")
    return int(schema.rsplit("/", 1)[-1]) if isinstance(schema, str) else 1
