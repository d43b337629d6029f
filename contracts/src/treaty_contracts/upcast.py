"""Read data of any schema version as the newest one."""

from collections.abc import Mapping
from types import MappingProxyType

from treaty_contracts.canonical import JsonObject
from treaty_contracts.events import CATALOGUE
from treaty_contracts.refusals import UnknownSchemaVersion

NEWEST: Mapping[str, int] = MappingProxyType(dict.fromkeys(CATALOGUE, 1))
"""The newest schema version of each type."""


def to_newest(type_: str, version: int, data: JsonObject) -> JsonObject:
    """Return the data as the newest schema version writes it; raise UnknownSchemaVersion for an unknown one."""
    if NEWEST.get(type_) != version:
        raise UnknownSchemaVersion(type_, version)
    return data
