"""Check signed notes, checkpoints and portable proofs, also against one that Go's sumdb/note signed."""

from base64 import b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from treaty_contracts.tlog.checkpoints import (
    Checkpoint,
    PortableProof,
    encode_hashes,
    parse_checkpoint,
    parse_proof,
    write_proof,
)
from treaty_contracts.tlog.notes import ED25519, NoteWrong, Verifier, open_note, parse_vkey, write_note

# From the documentation of golang.org/x/mod/sumdb/note.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
GO_NOTE = f"{GO_TEXT}\n\u2014 PeterNeumann {GO_SIGNATURE}\n"
ROOT = sha256(b"root").digest()
TEXT = Checkpoint("example.org/log", 7, ROOT).text


def key(name: str, seed: bytes) -> tuple[Verifier, Ed25519PrivateKey]:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Verifier(name, ED25519 + private.public_key().public_bytes_raw()), private


FIRST, FIRST_PRIVATE = key("example.org/log", bytes(32))
SECOND, SECOND_PRIVATE = key("example.org/log", bytes(31) + b"\x01")
NOTE = write_note(TEXT, [(FIRST, FIRST_PRIVATE.sign(TEXT.encode())), (SECOND, SECOND_PRIVATE.sign(TEXT.encode()))])


def test_a_note_signed_by_another_program_is_read() -> None:
    verifier = parse_vkey(GO_VKEY)
    assert open_note(GO_NOTE, [verifier]) == (GO_TEXT, (verifier,))
    assert verifier.vkey == GO_VKEY


@pytest.mark.parametrize("known", [[FIRST], [SECOND], [FIRST, SECOND]])
def test_whoever_knows_one_of_the_keys_reads_the_note(known: list[Verifier]) -> None:
    assert open_note(NOTE, known) == (TEXT, tuple(known))


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        (NOTE.replace("\n7\n", "\n8\n"), "signature of example.org/log is wrong"),
        (NOTE.replace(b64encode(ROOT).decode(), b64encode(bytes(32)).decode()), "is wrong"),
        (NOTE.split("\u2014")[0], "one signature a line"),
        (NOTE[:-1], "one signature a line"),
        (TEXT, "one signature a line"),
        ("", "one signature a line"),
        (TEXT + "\n" + "\u2014 a AAAAAAAA\n" * 101, "one signature a line"),
        (TEXT + "\n- example.org/log AAAAAAAA\n", "is no signature"),
        (TEXT + "\n\u2014 example.org/log AAAA\n", "is no signature"),
        (TEXT + "\n\u2014 example.org/log AAAAAAA\n", "is no signature"),
        (TEXT.replace("log", "\x07") + "\n\u2014 a AAAAAAAA\n", "no control characters"),
        (GO_NOTE, "no key that is trusted"),
    ],
)
def test_an_altered_note_is_refused(note: str, reason: str) -> None:
    with pytest.raises(NoteWrong, match=reason):
        open_note(note, [FIRST])


@pytest.mark.parametrize(
    ("vkey", "reason"),
    [
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "id is not that"),
        ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "no name of a key"),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy", "not an Ed25519 key"),
        ("PeterNeumann+c74f20a3+AhpcQ===", "base64|Ed25519"),
        ("PeterNeumann+c74f20a3+!", "not in base64"),
        ("", "no name of a key"),
    ],
)
def test_a_damaged_key_is_refused(vkey: str, reason: str) -> None:
    with pytest.raises(NoteWrong, match=reason):
        parse_vkey(vkey)


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    assert parse_checkpoint(TEXT) == Checkpoint("example.org/log", 7, ROOT)
    assert parse_checkpoint(TEXT + "an extension\n") == Checkpoint("example.org/log", 7, ROOT)


@pytest.mark.parametrize("altered", [("7", "07"), ("7", "-7"), ("7", "\u0667"), ("\n7", ""), ("example.org/log", "")])
def test_a_misshapen_checkpoint_is_refused(altered: tuple[str, str]) -> None:
    with pytest.raises(NoteWrong):
        parse_checkpoint(TEXT.replace(*altered))


def test_a_portable_proof_is_read_as_it_was_written() -> None:
    proof = PortableProof(3, (ROOT, bytes(32)), NOTE)
    written = write_proof(proof)
    assert written.startswith(f"c2sp.org/tlog-proof@v1\nindex 3\n{encode_hashes([ROOT])[0]}\n")
    assert parse_proof(written) == proof
    assert parse_proof(written.replace("index", "extra AAAA\nindex")) == proof
    assert parse_proof(write_proof(PortableProof(0, (), NOTE))) == PortableProof(0, (), NOTE)


@pytest.mark.parametrize(
    "altered", [("@v1", "@v2"), ("index 3", "index 03"), ("index 3\n", ""), ("AAAA", "AA="), ("\n\n", "\n")]
)
def test_a_misshapen_proof_is_refused(altered: tuple[str, str]) -> None:
    with pytest.raises(NoteWrong):
        parse_proof(write_proof(PortableProof(3, (bytes(32),), TEXT)).replace(*altered))
