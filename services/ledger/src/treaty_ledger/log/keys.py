"""Keep the keys that sign the log: one a line, as Go's sumdb/note writes them, the newest first.

During a rotation there are two, and both sign: readers who know either of them can go on.
"""

import re
import secrets
import stat
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from treaty_contracts.tlog.checkpoints import Checkpoint
from treaty_contracts.tlog.notes import ED25519, NoteWrong, Verifier, write_note
from treaty_ledger.errors import KeyUnusable
from treaty_ledger.secret_files import write_secret

KEY_FILE = "signing-key"
"""The name of the file of keys in the folder of a log."""

_ORIGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,254}")
_PREFIX = "PRIVATE+KEY+"
_SEED_BYTES = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class SigningKey:
    """Hold one private key under its name."""

    name: str
    seed: bytes = field(repr=False)

    @cached_property
    def verifier(self) -> Verifier:
        """Return the public half."""
        return Verifier(self.name, ED25519 + self._private.public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        """Return the signature of a text; the same for the same text."""
        return self._private.sign(text.encode())

    @property
    def line(self) -> str:
        """Return the key as its file holds it: a secret."""
        return f"{_PREFIX}{self.name}+{self.verifier.id.hex()}+{b64encode(ED25519 + self.seed).decode()}"

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Keyring:
    """Hold every key that signs, the newest first; all bear the log's name."""

    keys: tuple[SigningKey, ...]

    @property
    def origin(self) -> str:
        """Return the name of the log."""
        return self.keys[0].name

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        """Return the public halves."""
        return tuple(key.verifier for key in self.keys)

    def sign(self, size: int, root: bytes) -> str:
        """Return the signed checkpoint of the log at one size."""
        text = Checkpoint(self.origin, size, root).text
        return write_note(text, [(key.verifier, key.sign(text)) for key in self.keys])


def make_key(origin: str) -> SigningKey:
    """Return a new key for a log; raise KeyUnusable for a name that does not do."""
    try:
        return SigningKey(_checked(origin), secrets.token_bytes(_SEED_BYTES))
    except NoteWrong as error:
        raise KeyUnusable("a log of that name", str(error)) from error


def parse_keys(text: str, *, where: str) -> Keyring:
    """Return the keys that a file or a secret holds; raise KeyUnusable."""
    try:
        keys = tuple(_key(line) for line in text.split())
    except NoteWrong as error:
        raise KeyUnusable(where, str(error)) from error
    if not keys:
        raise KeyUnusable(where, "there is none")
    if len({key.name for key in keys}) > 1:
        raise KeyUnusable(where, "its keys have several names, and a log has one")
    return Keyring(keys)


def read_keys(path: Path) -> Keyring:
    """Return the keys of a file that nobody else may read; raise KeyUnusable."""
    try:
        if path.stat().st_mode & _OTHERS:
            raise KeyUnusable(str(path), f"others may read it; run chmod 600 {path}")
        return parse_keys(path.read_text(encoding="ascii"), where=str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnusable(str(path), str(error)) from error


def write_keys(path: Path, keys: Sequence[SigningKey]) -> None:
    """Put keys into a file that nobody else may read, all or nothing; raise KeyUnusable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(path, "".join(f"{key.line}\n" for key in keys))
    except OSError as error:
        raise KeyUnusable(str(path), f"it cannot be written ({error})") from error


def _key(line: str) -> SigningKey:
    if not line.startswith(_PREFIX):
        raise NoteWrong("a line does not begin with PRIVATE+KEY+")
    name, _, rest = line.removeprefix(_PREFIX).partition("+")
    id_, _, encoded = rest.partition("+")
    try:
        secret = b64decode(encoded, validate=True)
    except Base64Error as error:
        raise NoteWrong("a key is not in base64") from error
    if secret[:1] != ED25519 or len(secret) != 1 + _SEED_BYTES:
        raise NoteWrong("a key is not an Ed25519 key")
    key = SigningKey(_checked(name), secret[1:])
    if key.verifier.id.hex() != id_:
        raise NoteWrong("a key is damaged: its id does not fit")
    return key


def _checked(origin: str) -> str:
    if _ORIGIN.fullmatch(origin) is None:
        raise NoteWrong(f"{origin!r} is no name of a log: write it like treaties.example.org/log")
    return origin
