"""Read a published log: from a ledger over HTTP, or from a folder that was exported."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from treaty_contracts.tlog.notes import NoteWrong, Verifier, parse_vkey
from treaty_contracts.tlog.tiles import Tile
from treaty_standalone.client import Service
from treaty_standalone.errors import KeyNotReadable, NotExported

CHECKPOINT: Final = "checkpoint"
VKEY: Final = "vkey"


@dataclass(frozen=True, slots=True)
class ServedLog:
    """Read a log that a ledger, or any web server that has an export of it, serves below `prefix`."""

    ledger: Service
    prefix: str = "/log"

    def read(self, name: str) -> bytes:
        """Return what stands at an address below the prefix; raise Refused or Unreachable."""
        return self.ledger.content(f"{self.prefix}/{name}")

    def checkpoint(self) -> str:
        """Return the newest signed checkpoint."""
        return self.read(CHECKPOINT).decode()

    def tile(self, tile: Tile) -> bytes:
        """Return what a tile or a bundle holds."""
        return self.read(f"tile/{tile.path}")


@dataclass(frozen=True, slots=True)
class ExportedLog:
    """Read a log from a folder that has the same files as a web server would have."""

    folder: Path

    def read(self, name: str) -> bytes:
        """Return what a file holds; raise NotExported."""
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise NotExported(self.folder, name, error) from error

    def checkpoint(self) -> str:
        """Return the signed checkpoint of the export."""
        return self.read(CHECKPOINT).decode()

    def tile(self, tile: Tile) -> bytes:
        """Return what a tile or a bundle holds."""
        return self.read(f"tile/{tile.path}")


PublishedLog: TypeAlias = ServedLog | ExportedLog


def read_vkeys(text: str) -> list[Verifier]:
    """Return the keys in a text, one a line; raise KeyNotReadable."""
    try:
        return [parse_vkey(line) for line in text.splitlines() if line.strip()]
    except NoteWrong as error:
        raise KeyNotReadable(str(error)) from error
