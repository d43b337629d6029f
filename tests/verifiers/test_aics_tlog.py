"""The Python package aics-tlog, which reads the formats of C2SP, verifies whole logs, where Python is new enough."""

from pathlib import Path

import pytest
from contracts.written_logs import VERIFIER
from verifiers.published import (
    ALTERATIONS,
    NEXT_VERIFIER,
    SIZES,
    consistency,
    entry_of,
    inclusion,
    lay,
    log_of,
    places_in,
    signed_of,
    under_two_keys,
)
from verifiers.served import ServedLog

from treaty_contracts.tlog.notes import Verifier
from treaty_contracts.tlog.tiles import bundles_of, tiles_of

aics_tlog = pytest.importorskip("aics_tlog", reason="aics-tlog needs Python 3.12 or newer")


def audited(folder: Path, key: str) -> tuple[int, int]:
    """Let it check a log's checkpoint, every tile and every bundle; return how many. Raises ValueError."""
    note = aics_tlog.parse_note((folder / "checkpoint").read_bytes())
    signed = aics_tlog.verify_checkpoint(note, aics_tlog.parse_vkey(key))
    if not signed.ok:
        raise ValueError(signed.error)
    report = aics_tlog.audit_tiles(aics_tlog.FileSystemTileReader(folder), signed.size, signed.root)
    return report.tiles, report.bundles


@pytest.mark.parametrize("size", [0, *SIZES])
def test_a_whole_log_is_accepted_with_every_tile_and_bundle(size: int, tmp_path: Path) -> None:
    accepted = audited(lay(log_of(size), tmp_path / "log"), VERIFIER.vkey)
    assert accepted == (len(tiles_of(size)), len(bundles_of(size)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_a_log_is_refused_whatever_of_it_is_altered(alteration: str, size: int, tmp_path: Path) -> None:
    folder = lay(ALTERATIONS[alteration](log_of(size)), tmp_path / "log")
    with pytest.raises(ValueError, match=r"tile|bundle|signature|entr"):
        audited(folder, VERIFIER.vkey)


@pytest.mark.parametrize("size", SIZES)
def test_proofs_of_inclusion_are_accepted_for_their_entry_alone(size: int) -> None:
    log = log_of(size)
    for index in places_in(size):
        proof = inclusion(log, index)
        assert aics_tlog.verify_leaf_inclusion(entry_of(log, index), index, size, proof, signed_of(log).root)
        assert not aics_tlog.verify_leaf_inclusion(b"another", index, size, proof, signed_of(log).root)


@pytest.mark.parametrize("size", SIZES)
def test_growth_from_every_size_is_accepted_and_a_rewritten_past_is_not(size: int) -> None:
    now = signed_of(log_of(size)).root
    for earlier in (one for one in SIZES if one <= size):
        old, proof = signed_of(log_of(earlier)).root, consistency(log_of(size), earlier)
        assert aics_tlog.verify_consistency(earlier, size, old, now, proof)
        assert not aics_tlog.verify_consistency(earlier, size, bytes(32), now, proof)


@pytest.mark.parametrize("key", [VERIFIER, NEXT_VERIFIER], ids=["old", "new"])
def test_while_keys_are_changed_the_log_is_accepted_under_either(key: Verifier, tmp_path: Path) -> None:
    assert audited(lay(under_two_keys(log_of(257)), tmp_path / "log"), key.vkey) == (3, 2)


def test_an_export_of_a_served_log_is_accepted(served: ServedLog) -> None:
    assert audited(served.folder, served.vkeys.read_text().strip()) == (3, 2)
