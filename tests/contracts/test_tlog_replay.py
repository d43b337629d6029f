"""A log is proved by replaying it whole, and every alteration is found and named."""

from collections.abc import Iterable

import pytest
from contracts.written_logs import (
    ORIGIN,
    VERIFIER,
    WrittenLog,
    checkpoint_of,
    entries,
    entry,
    signed,
    written_log,
)

from treaty_contracts.merkle import leaf_hash
from treaty_contracts.tlog.checkpoints import Checkpoint
from treaty_contracts.tlog.notes import NoteWrong
from treaty_contracts.tlog.replay import LogWrong, verify_log
from treaty_contracts.tlog.tiles import write_bundle

WHOLE = written_log(entries(600))


def proved(log: WrittenLog, *, seen: Iterable[Checkpoint] = ()) -> Checkpoint:
    return verify_log(log, [VERIFIER], seen=seen, progress=lambda _done, _total: None)


def refused(log: WrittenLog, reason: str, *, seen: Iterable[Checkpoint] = ()) -> int | None:
    """Check that a log is refused; return the position that is named."""
    with pytest.raises(LogWrong, match=reason) as wrong:
        proved(log, seen=seen)
    return wrong.value.position


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 1_000, 70_000])
def test_a_log_of_any_size_is_proved(size: int) -> None:
    written = entries(size)
    assert proved(written_log(written)) == checkpoint_of(written)


def test_whoever_verifies_hears_how_far_it_is() -> None:
    heard: list[tuple[int, int]] = []
    verify_log(WHOLE, [VERIFIER], progress=lambda done, total: heard.append((done, total)))
    assert heard == [(256, 600), (512, 600), (600, 600)]


@pytest.mark.parametrize("position", [0, 255, 256, 599])
def test_an_altered_entry_is_named(position: int) -> None:
    number, place = divmod(position, 256)
    path = f"entries/{number:03}" + (".p/88" if number == 2 else "")
    written = entries(600)[number * 256 : (number + 1) * 256]
    written[place] = entry(position, by="somebody else")
    assert refused(WHOLE.altered(path, write_bundle(written)), "not have the hash that the tile tells") == position


def test_an_entry_altered_with_its_hash_is_found_in_the_tile_above() -> None:
    written = entries(600)
    written[300] = entry(300, by="somebody else")
    forged = WHOLE.altered("entries/001", write_bundle(written[256:512]))
    forged = forged.altered("0/001", b"".join(map(leaf_hash, written[256:512])))
    refused(forged, "tile 1/000.p/2 tells another hash of subtree 1")


def test_a_log_rewritten_under_an_old_checkpoint_is_found() -> None:
    written = entries(600)
    written[300] = entry(300, by="somebody else")
    refused(written_log(written).under(WHOLE.note), "600 entries have another root than the one that was signed")


def test_a_log_rewritten_and_signed_again_is_found_by_whoever_saw_it_before() -> None:
    written = entries(600)
    written[300] = entry(300, by="somebody else")
    forged = written_log(written)
    assert proved(forged) == checkpoint_of(written)
    refused(forged, "first 301 entries are not those that were signed", seen=[checkpoint_of(entries(301))])
    assert proved(forged, seen=[checkpoint_of(entries(300))]) == checkpoint_of(written)


def test_a_log_that_lost_entries_is_found_by_whoever_saw_it_before() -> None:
    refused(WHOLE, "601 entries were signed, and the log has 600 now", seen=[checkpoint_of(entries(601))])


def test_another_log_is_not_taken_for_the_one_that_was_seen() -> None:
    refused(WHOLE, "another.example was seen earlier", seen=[Checkpoint("another.example", 1, bytes(32))])


def test_two_roots_of_one_size_are_a_fork() -> None:
    seen = [Checkpoint(ORIGIN, 700, bytes(32)), checkpoint_of(entries(700))]
    refused(written_log(entries(800)), "two roots were signed for the first 700 entries", seen=seen)


@pytest.mark.parametrize("path", ["0/000", "0/002.p/88", "1/000.p/2"])
def test_an_altered_tile_is_found(path: str) -> None:
    content = WHOLE.files[path]
    refused(WHOLE.altered(path, content[:-1] + bytes([content[-1] ^ 1])), "tile")


@pytest.mark.parametrize("path", ["0/001", "entries/001", "entries/002.p/88", "1/000.p/2"])
@pytest.mark.parametrize("cut", [0, 1, 32])
def test_a_cut_or_lengthened_tile_is_found(path: str, cut: int) -> None:
    content = WHOLE.files[path]
    refused(WHOLE.altered(path, content[:-cut] if cut else content + bytes(32)), f"tile {path}")


def test_a_checkpoint_nobody_trusted_has_signed_is_refused() -> None:
    with pytest.raises(NoteWrong):
        proved(WHOLE.under(WHOLE.note.replace("\n600\n", "\n599\n")))
    with pytest.raises(NoteWrong):
        verify_log(WHOLE, [], progress=lambda _done, _total: None)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{}", "not a record of version 1"),
        (b"[]", "not a record of version 1"),
        (entry(1).replace(b'"v":1', b'"v":2'), "not a record of version 1"),
        (entry(1).replace(b'"v":1', b'"v":1,"w":1'), "not a record of version 1"),
        (entry(1).replace(b'"v":1', b'"v":1 '), "not written canonically"),
        (entry(1).replace(b'"v":1', b'"v":1,"v":1'), "not written canonically"),
        (b"\xff", "not JSON"),
        (b"", "not JSON"),
        (b"[" * 60_000, "not JSON"),
        (entry(0), "not recorded later than the one before"),
    ],
)
def test_an_entry_that_is_no_record_is_named(bad: bytes, reason: str) -> None:
    assert refused(written_log([entry(0), bad, entry(2)]), reason) == 1


def test_a_checkpoint_over_fewer_entries_proves_those() -> None:
    fewer = checkpoint_of(entries(256))
    log = written_log(entries(256)).under(signed(256, fewer.root))
    assert proved(log) == fewer
