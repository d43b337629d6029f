"""Strangers' programs verify a log as a running ledger serves it and `treaty export` copies it."""

import json
import shutil
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
from pymerkle import InmemoryTree, verify_consistency
from verifiers.programs import Program, go, node
from verifiers.served import EARLIER, PLACES, ServedLog

from treaty_contracts.merkle import leaf_hash
from treaty_contracts.tlog.checkpoints import parse_checkpoint
from treaty_contracts.tlog.tiles import bundles_of, read_bundle, tiles_of

PROGRAMS = pytest.mark.parametrize("program", [go, node], ids=["go", "node"])


def arguments(program: Callable[[], Program]) -> list[str]:
    """Return what stands before the files of a portable proof."""
    return ["proof"] if program is go else []


@pytest.mark.others
def test_go_accepts_the_export(served: ServedLog) -> None:
    verdict = go()("log", served.vkeys, served.folder)
    assert verdict.accepted, verdict.said
    assert f": {served.size} entries, {len(tiles_of(served.size))} tiles, " in verdict.said


@pytest.mark.others
@pytest.mark.parametrize("name", ["tile/entries/001.p/45", "tile/0/000", "tile/1/000.p/1", "checkpoint"])
def test_go_refuses_the_export_when_a_file_of_it_is_altered(served: ServedLog, name: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(served.folder, copy)
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    assert not go()("log", served.vkeys, copy).accepted


@pytest.mark.others
@pytest.mark.parametrize("position", PLACES)
@PROGRAMS
def test_a_portable_proof_is_accepted(served: ServedLog, program: Callable[[], Program], position: int) -> None:
    files = (served.vkeys, served.beside(position, "entry"), served.beside(position, "tlog-proof"))
    verdict = program()(*arguments(program), *files)
    assert verdict.accepted, verdict.said
    assert f"it is entry {position}" in verdict.said


@pytest.mark.others
@PROGRAMS
def test_a_portable_proof_of_another_event_is_refused(served: ServedLog, program: Callable[[], Program]) -> None:
    files = (served.vkeys, served.beside(255, "entry"), served.beside(256, "tlog-proof"))
    assert not program()(*arguments(program), *files).accepted


@pytest.mark.others
@pytest.mark.parametrize("position", PLACES)
def test_go_accepts_the_answers_in_json_under_the_exported_checkpoint(served: ServedLog, position: int) -> None:
    files = (served.vkeys, served.beside(position, "entry"), served.checkpoint, served.beside(position, "json"))
    verdict = go()("inclusion", *files)
    assert verdict.said.endswith(f": it is entry {position} of {served.size}")


@pytest.mark.others
def test_go_accepts_that_the_log_has_only_grown(served: ServedLog) -> None:
    verdict = go()("consistency", served.vkeys, served.before, served.checkpoint, served.growth)
    assert verdict.said.endswith(f": size {served.size} extends size {EARLIER}")
    assert not go()("consistency", served.vkeys, served.checkpoint, served.before, served.growth).accepted


def test_pymerkle_builds_the_same_tree_and_the_same_proofs(served: ServedLog) -> None:
    tree = InmemoryTree(algorithm="sha256")
    for bundle in bundles_of(served.size):
        tree.append_entries(read_bundle((served.folder / "tile" / bundle.path).read_bytes()))
    signed = parse_checkpoint(served.checkpoint.read_text())
    assert (tree.get_size(), tree.get_root()) == (signed.size, signed.root)
    for position in PLACES:
        told = json.loads(served.beside(position, "json").read_text())
        leaf = leaf_hash(served.beside(position, "entry").read_bytes())
        assert tree.prove_inclusion(position + 1).path == [leaf, *map(b64decode, told["hashes"])]
        assert [b64decode(told["root"]), b64decode(told["leaf_hash"])] == [signed.root, leaf]


def test_pymerkle_proves_that_the_log_has_only_grown(served: ServedLog) -> None:
    tree = InmemoryTree(algorithm="sha256")
    for bundle in bundles_of(served.size):
        tree.append_entries(read_bundle((served.folder / "tile" / bundle.path).read_bytes()))
    before, now = (parse_checkpoint(file.read_text()) for file in (served.before, served.checkpoint))
    proof = tree.prove_consistency(before.size, now.size)
    verify_consistency(before.root, now.root, proof, prior_size=before.size, later_size=now.size)
