"""Go's packages for its own checksum database, `sumdb/note` and `sumdb/tlog`, verify what the register publishes."""

import json
import re
from pathlib import Path

import pytest
from contracts.written_logs import VERIFIER, entry
from verifiers.programs import Program, go
from verifiers.published import (
    ALTERATIONS,
    CHECKPOINT_ALTERATIONS,
    NEXT_VERIFIER,
    SIZES,
    altered_top_tile,
    consistency,
    entry_of,
    inclusion,
    lay,
    log_of,
    places_in,
    portable,
    under_two_keys,
)

from treaty_contracts.tlog.checkpoints import encode_hashes
from treaty_contracts.tlog.notes import Verifier
from treaty_contracts.tlog.tiles import tiles_of

pytestmark = pytest.mark.others

KEY = f"{VERIFIER.name}+{VERIFIER.id.hex()}"
REASONS = {
    "an entry": "have the root",
    "a leaf's hash": "inconsistent tile|the tiles tell another hash 0 than the entries have",
    "the highest hash": "inconsistent tile",
    "the size": "invalid signature",
    "the root": "invalid signature",
    "the signature": "invalid signature",
}


@pytest.fixture(scope="module")
def verify() -> Program:
    return go()


@pytest.fixture
def vkeys(tmp_path: Path) -> Path:
    file = tmp_path / "trusted"
    file.write_text(f"{VERIFIER.vkey}\n")
    return file


@pytest.mark.parametrize("size", [0, *SIZES])
def test_a_whole_log_is_accepted_with_every_tile_of_it(verify: Program, vkeys: Path, size: int, tmp_path: Path) -> None:
    verdict = verify("log", vkeys, lay(log_of(size), tmp_path / "log"))
    assert verdict.accepted, verdict.said
    assert f"example.org/log: {size} entries, {len(tiles_of(size))} tiles, " in verdict.said


@pytest.mark.parametrize("size", SIZES)
def test_a_log_is_refused_whatever_of_it_is_altered(verify: Program, vkeys: Path, size: int, tmp_path: Path) -> None:
    for number, (what, alter) in enumerate(ALTERATIONS.items()):
        verdict = verify("log", vkeys, lay(alter(log_of(size)), tmp_path / str(number)))
        assert not verdict.accepted, what
        assert re.search(REASONS[what], verdict.said), (what, verdict.said)


@pytest.mark.parametrize("size", SIZES)
def test_a_portable_proof_is_accepted_and_one_of_another_entry_is_not(
    verify: Program, vkeys: Path, size: int, tmp_path: Path
) -> None:
    mine, other, proof = tmp_path / "mine", tmp_path / "other", tmp_path / "proof"
    other.write_bytes(entry(size))
    for index in places_in(size):
        mine.write_bytes(entry_of(log_of(size), index))
        proof.write_text(portable(log_of(size), index))
        assert verify("proof", vkeys, mine, proof).said == f"example.org/log: it is entry {index} of {size}"
        assert not verify("proof", vkeys, other, proof).accepted


@pytest.mark.parametrize("alteration", CHECKPOINT_ALTERATIONS)
def test_a_portable_proof_under_an_altered_checkpoint_is_refused(
    verify: Program, vkeys: Path, alteration: str, tmp_path: Path
) -> None:
    (tmp_path / "entry").write_bytes(entry_of(log_of(257), 256))
    altered = CHECKPOINT_ALTERATIONS[alteration](log_of(257))
    (tmp_path / "proof").write_text(portable(log_of(257), 256, note=altered.note))
    verdict = verify("proof", vkeys, tmp_path / "entry", tmp_path / "proof")
    assert (verdict.accepted, verdict.said) == (False, f"invalid signature for key {KEY}")


def test_a_proof_from_an_altered_tile_is_refused(verify: Program, vkeys: Path, tmp_path: Path) -> None:
    (tmp_path / "entry").write_bytes(entry_of(log_of(1_000), 999))
    (tmp_path / "proof").write_text(portable(altered_top_tile(log_of(1_000)), 999))
    assert not verify("proof", vkeys, tmp_path / "entry", tmp_path / "proof").accepted


def test_an_inclusion_answer_is_accepted_under_its_checkpoint_alone(
    verify: Program, vkeys: Path, tmp_path: Path
) -> None:
    told = {"index": 255, "size": 257, "hashes": encode_hashes(inclusion(log_of(257), 255))}
    (tmp_path / "answer").write_text(json.dumps(told))
    (tmp_path / "entry").write_bytes(entry_of(log_of(257), 255))
    for size in (257, 1_000):
        (tmp_path / "checkpoint").write_text(log_of(size).note)
        verdict = verify("inclusion", vkeys, tmp_path / "entry", tmp_path / "checkpoint", tmp_path / "answer")
        assert verdict.accepted is (size == 257), verdict.said


@pytest.mark.parametrize("size", SIZES)
def test_growth_from_every_size_is_accepted_and_a_rewritten_past_is_not(
    verify: Program, vkeys: Path, size: int, tmp_path: Path
) -> None:
    old, new, answer = tmp_path / "old", tmp_path / "new", tmp_path / "answer"
    new.write_text(log_of(size).note)
    for earlier in (one for one in SIZES if one <= size):
        old.write_text(log_of(earlier).note)
        hashes = consistency(log_of(size), earlier)
        answer.write_text(json.dumps({"hashes": encode_hashes(hashes)}))
        verdict = verify("consistency", vkeys, old, new, answer)
        assert verdict.said == f"example.org/log: size {size} extends size {earlier}"
        answer.write_text(json.dumps({"hashes": encode_hashes([*hashes[:-1], bytes(32)])}))
        assert not verify("consistency", vkeys, old, new, answer).accepted


@pytest.mark.parametrize("key", [VERIFIER, NEXT_VERIFIER], ids=["old", "new"])
def test_while_keys_are_changed_the_log_is_accepted_under_either(
    verify: Program, key: Verifier, tmp_path: Path
) -> None:
    (tmp_path / "trusted").write_text(f"{key.vkey}\n")
    verdict = verify("log", tmp_path / "trusted", lay(under_two_keys(log_of(257)), tmp_path / "log"))
    assert verdict.accepted, verdict.said


def test_a_log_is_refused_under_a_key_that_has_not_signed_it(verify: Program, tmp_path: Path) -> None:
    (tmp_path / "trusted").write_text(f"{NEXT_VERIFIER.vkey}\n")
    verdict = verify("log", tmp_path / "trusted", lay(log_of(257), tmp_path / "log"))
    assert (verdict.accepted, verdict.said) == (False, "note has no verifiable signatures")
