"""The npm package `@sigstore/verify` verifies proofs of the register as it does entries of Sigstore's log."""

from pathlib import Path

import pytest
from contracts.written_logs import VERIFIER, entry
from verifiers.programs import Program, Verdict, node
from verifiers.published import (
    CHECKPOINT_ALTERATIONS,
    NEXT_VERIFIER,
    SIZES,
    altered_entry,
    altered_first_tile,
    entry_of,
    log_of,
    places_in,
    portable,
    under_two_keys,
)

from treaty_contracts.tlog.notes import Verifier

pytestmark = pytest.mark.others


@pytest.fixture(scope="module")
def program() -> Program:
    return node()


class Desk:
    """Lay an entry and its proof before the program."""

    def __init__(self, program: Program, folder: Path) -> None:
        self._program = program
        self._files = [folder / "trusted", folder / "entry", folder / "proof"]

    def __call__(self, body: bytes, proof: str, *, vkeys: str = f"{VERIFIER.vkey}\n") -> Verdict:
        for file, content in zip(self._files, (vkeys.encode(), body, proof.encode()), strict=True):
            file.write_bytes(content)
        return self._program(*self._files)


@pytest.fixture
def verify(program: Program, tmp_path: Path) -> Desk:
    return Desk(program, tmp_path)


@pytest.mark.parametrize("size", SIZES)
def test_a_proof_is_accepted_and_one_of_another_entry_is_not(verify: Desk, size: int) -> None:
    for index in places_in(size):
        proof = portable(log_of(size), index)
        assert verify(entry_of(log_of(size), index), proof).said == f"example.org/log: it is entry {index}"
        assert not verify(entry(size), proof).accepted


@pytest.mark.parametrize("size", SIZES)
def test_an_altered_entry_is_refused(verify: Desk, size: int) -> None:
    log = log_of(size)
    refused = verify(entry_of(altered_entry(log), size - 1), portable(log, size - 1))
    assert (refused.accepted, refused.said) == (False, "calculated root hash does not match inclusion proof")


@pytest.mark.parametrize("size", [size for size in SIZES if size > 1])
def test_a_proof_from_an_altered_tile_is_refused(verify: Desk, size: int) -> None:
    refused = verify(entry_of(log_of(size), 1), portable(altered_first_tile(log_of(size)), 1))
    assert (refused.accepted, refused.said) == (False, "calculated root hash does not match inclusion proof")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("alteration", CHECKPOINT_ALTERATIONS)
def test_an_altered_checkpoint_is_refused(verify: Desk, alteration: str, size: int) -> None:
    altered = CHECKPOINT_ALTERATIONS[alteration](log_of(size))
    refused = verify(entry_of(log_of(size), 0), portable(log_of(size), 0, note=altered.note))
    assert (refused.accepted, refused.said) == (False, "invalid checkpoint signature")


def test_a_checkpoint_of_another_key_than_the_trusted_one_is_refused(verify: Desk) -> None:
    refused = verify(entry_of(log_of(2), 0), portable(log_of(2), 0), vkeys=f"{NEXT_VERIFIER.vkey}\n")
    assert (refused.accepted, refused.said) == (False, "invalid checkpoint signature")


@pytest.mark.parametrize("key", [VERIFIER, NEXT_VERIFIER], ids=["old", "new"])
def test_while_keys_are_changed_a_proof_is_accepted_under_either(verify: Desk, key: Verifier) -> None:
    log = under_two_keys(log_of(257))
    verdict = verify(entry_of(log, 256), portable(log, 256), vkeys=f"{key.vkey}\n")
    assert verdict.accepted, verdict.said
