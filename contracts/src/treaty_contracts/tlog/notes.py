"""Read signed notes and check their signatures (C2SP signed-note), with Ed25519 keys as Go's sumdb/note writes them."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
"""The type of signature that Ed25519 keys make."""

KEY_ID_BYTES = 4
"""How many bytes of its hash stand for a key."""

MAX_SIGNATURES = 100
"""The most signatures that are looked at: more is somebody's attempt to keep a reader busy."""

_NAME = re.compile(r"[^\s+]+")
_SIGNATURE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_PUBLIC_BYTES = 33


class NoteWrong(ValueError):
    """A note that is not signed as it should be, or not a note."""


def check_key_name(name: str) -> str:
    """Return the name of a key; raise NoteWrong unless it has neither spaces nor plus signs."""
    if _NAME.fullmatch(name) is None:
        raise NoteWrong(f"{name!r} is no name of a key: it has no spaces and no plus signs")
    return name


def key_id(name: str, public_key: bytes) -> bytes:
    """Return the four bytes that stand for a key beside its name; `public_key` begins with its type."""
    return sha256(name.encode() + b"\n" + public_key).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class Verifier:
    """Hold the public half of a key."""

    name: str
    public_key: bytes
    """The type of the key, and its bytes."""

    @property
    def id(self) -> bytes:
        """Return the four bytes that stand for the key."""
        return key_id(self.name, self.public_key)

    @property
    def vkey(self) -> str:
        """Return the key as others are given it."""
        return f"{self.name}+{self.id.hex()}+{b64encode(self.public_key).decode()}"

    def is_signed(self, text: str, signature: bytes) -> bool:
        """Tell whether the signature of a text is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key[1:]).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


def parse_vkey(text: str) -> Verifier:
    """Return the key that a text such as `name+1a2b3c4d+AR…` holds; raise NoteWrong."""
    name, _, rest = text.strip().partition("+")
    id_, _, encoded = rest.partition("+")
    try:
        verifier = Verifier(check_key_name(name), b64decode(encoded, validate=True))
    except Base64Error as error:
        raise NoteWrong("the key is not in base64") from error
    if verifier.public_key[:1] != ED25519 or len(verifier.public_key) != _PUBLIC_BYTES:
        raise NoteWrong("the key is not an Ed25519 key")
    if verifier.id.hex() != id_:
        raise NoteWrong("the key's id is not that of its name and bytes")
    return verifier


def parse_vkeys(text: str) -> tuple[Verifier, ...]:
    """Return the keys in a text, between spaces or line breaks; raise NoteWrong."""
    return tuple(map(parse_vkey, text.split()))


def write_note(text: str, signatures: Iterable[tuple[Verifier, bytes]]) -> str:
    """Return a text, which ends in a line break, with its signatures below it."""
    lines = [f"\u2014 {key.name} {b64encode(key.id + signature).decode()}\n" for key, signature in signatures]
    return f"{text}\n{''.join(lines)}"


def open_note(note: str, verifiers: Iterable[Verifier]) -> tuple[str, tuple[Verifier, ...]]:
    """Return a note's text and which of the keys have signed it; raise NoteWrong when none has, or one is forged.

    Signatures of keys that are not known are passed over.
    """
    text, blank, below = note.rpartition("\n\n")
    text += "\n"
    lines = below.split("\n")
    if not blank or lines.pop() or not lines or len(lines) > MAX_SIGNATURES:
        raise NoteWrong("a note is a text, an empty line and one signature a line")
    if any(character < " " and character != "\n" for character in text):
        raise NoteWrong("a note has no control characters")
    known = {(key.name, key.id): key for key in verifiers}
    signed: dict[Verifier, None] = {}
    for line in lines:
        name, signature = _signature(line)
        key = known.get((name, signature[:KEY_ID_BYTES]))
        if key is None:
            continue
        if not key.is_signed(text, signature[KEY_ID_BYTES:]):
            raise NoteWrong(f"the signature of {name} is wrong")
        signed[key] = None
    if not signed:
        raise NoteWrong("no key that is trusted has signed the note")
    return text, tuple(signed)


def _signature(line: str) -> tuple[str, bytes]:
    match = _SIGNATURE.fullmatch(line)
    try:
        signature = b64decode(match[2], validate=True) if match else b""
    except Base64Error:
        signature = b""
    if match is None or len(signature) <= KEY_ID_BYTES:
        raise NoteWrong(f"this line is no signature: {line[:100]!r}")
    return match[1], signature
