"""Nothing is applied that the ledger's signed log is not proven to hold, and what was proven goes on being served."""

from collections.abc import Callable
from pathlib import Path

import pytest
from contracts.written_logs import ORIGIN, VERIFIER, signed, written_log
from projector.published import cursor_of, facts, follow, follower, leaves, publish, rows_of

from treaty_contracts.merkle import leaf_hash
from treaty_contracts.tlog.frontier import Frontier, grow
from treaty_contracts.tlog.notes import Verifier, parse_vkey
from treaty_contracts.tlog.tiles import WIDTH, write_bundle
from treaty_projector.errors import LedgerUnreachable, LogInconsistent

LOG = leaves(facts(700))
FORGED = leaves(facts(700), by="somebody else")
OTHER_KEY = parse_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")


async def refusal(database_url: str, folder: Path, *, keys: tuple[Verifier, ...] = (), batch: int = 1000) -> str:
    """Return what a projector says of a log that it does not follow."""
    with pytest.raises(LogInconsistent) as refused:
        await follow(database_url, folder, keys=keys, batch=batch)
    return str(refused.value)


async def test_what_was_signed_is_applied_and_the_checkpoint_kept(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path, LOG)
    assert await follow(database_url, tmp_path) == 700
    cursor = await cursor_of(database_url)
    assert cursor.log.root() == grow(Frontier(), map(leaf_hash, LOG))[0].root()
    assert cursor.checkpoint == (tmp_path / "checkpoint").read_text()


@pytest.mark.parametrize(("position", "applied"), [(0, 0), (300, 256), (699, 512)])
async def test_an_altered_entry_is_named_and_nothing_of_its_bundle_applied(
    database_url: str, tmp_path: Path, position: int, applied: int
) -> None:
    number = position // WIDTH
    altered = [*LOG[:position], FORGED[position], *LOG[position + 1 :]]
    path = f"entries/{number:03}" + (".p/188" if number == 2 else "")
    bundle = write_bundle(altered[number * WIDTH : (number + 1) * WIDTH])
    publish(tmp_path, written_log(LOG).altered(path, bundle))

    assert f"entry {position} is not the one that was signed" in await refusal(database_url, tmp_path, batch=256)
    assert (await cursor_of(database_url)).size == applied
    publish(tmp_path, LOG)
    assert await follow(database_url, tmp_path) == 700


async def test_entries_altered_together_with_their_hashes_are_found(database_url: str, tmp_path: Path) -> None:
    altered = [*LOG[:300], *FORGED[300:301], *LOG[301:]]
    publish(tmp_path, written_log(altered).under(written_log(LOG).note))
    assert "the first 256 entries do not lead to the root that was signed for 700" in await refusal(
        database_url, tmp_path, batch=256
    )
    assert (await cursor_of(database_url)).size == 0


@pytest.mark.parametrize("size", [300, 400, 700])
async def test_another_log_under_the_same_key_is_a_fork(database_url: str, tmp_path: Path, size: int) -> None:
    publish(tmp_path, LOG[:300])
    assert await follow(database_url, tmp_path) == 300
    rows = await rows_of(database_url)
    publish(tmp_path, [*LOG[:200], *FORGED[200:size]])

    told = await refusal(database_url, tmp_path)
    assert ("another root was signed for the 300 entries" if size == 300 else "does not extend the 300") in told
    assert (await cursor_of(database_url)).size == 300
    assert await rows_of(database_url) == rows


async def test_an_older_checkpoint_may_pass_for_a_while_and_not_for_long(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path, LOG[:300])
    assert await follow(database_url, tmp_path) == 300
    publish(tmp_path, LOG[:299])
    assert await follow(database_url, tmp_path) == 300
    async with follower(database_url, tmp_path, patience=0.0) as impatient:
        with pytest.raises(LogInconsistent, match="covers 299 entries, and 300 were proven"):
            await impatient.catch_up()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda note: note.replace("— example.org/log ", "— example.com/log "), "no key that is trusted has signed"),
        (lambda note: note.replace("\n700\n", "\n701\n"), "the signature of example.org/log is wrong"),
        (lambda note: note.partition("\n\n")[0], "a note is a text"),
        (lambda _note: "<html>", "a note is a text"),
        (lambda _note: signed(700, bytes(32)), "the first 700 entries do not lead to the root"),
        (
            lambda _note: signed(700, bytes(32), origin="example.com/other"),
            "the log example.com/other, and example.org",
        ),
    ],
)
async def test_a_checkpoint_that_does_not_count_stops_everything(
    database_url: str, tmp_path: Path, spoil: Callable[[str], str], says: str
) -> None:
    publish(tmp_path, LOG[:0])
    assert await follow(database_url, tmp_path) == 0
    log = written_log(LOG)
    publish(tmp_path, log.under(spoil(log.note)))
    assert says in await refusal(database_url, tmp_path)
    assert (await cursor_of(database_url)).size == 0


async def test_a_part_of_the_log_that_is_missing_is_waited_for(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path, LOG)
    (tmp_path / "tile/entries/001").rename(tmp_path / "away")
    with pytest.raises(LedgerUnreachable, match="tile/entries/001 is not there"):
        await follow(database_url, tmp_path, batch=256)
    assert (await cursor_of(database_url)).size == 256
    (tmp_path / "away").rename(tmp_path / "tile/entries/001")
    assert await follow(database_url, tmp_path) == 700


async def test_partial_tiles_may_be_gone_once_there_is_the_full_one(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path, LOG)
    note = (tmp_path / "checkpoint").read_text()
    publish(tmp_path, LOG[:300])
    assert await follow(database_url, tmp_path) == 300
    publish(tmp_path, leaves(facts(800)))  # the entries of the third bundle are full in it
    (tmp_path / "checkpoint").write_text(note)
    assert await follow(database_url, tmp_path) == 700


async def test_the_key_of_the_first_look_counts_from_then_on(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path, LOG[:100])
    assert await follow(database_url, tmp_path) == 100
    publish(tmp_path, LOG[:200], vkeys=[OTHER_KEY])  # what the log names later does not matter
    assert await follow(database_url, tmp_path) == 200


async def test_a_key_that_is_set_wins_and_stays_when_it_is_no_longer_set(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path, LOG[:100], vkeys=[OTHER_KEY])
    assert "no key that is trusted has signed" in await refusal(database_url, tmp_path)
    assert "no key that is trusted has signed" in await refusal(database_url, tmp_path, keys=(OTHER_KEY,))
    assert await follow(database_url, tmp_path, keys=(OTHER_KEY, VERIFIER)) == 100
    publish(tmp_path, LOG[:200], vkeys=[OTHER_KEY])
    assert await follow(database_url, tmp_path) == 200


def test_the_origin_of_these_logs_is_their_keys_name() -> None:
    assert VERIFIER.name == ORIGIN
