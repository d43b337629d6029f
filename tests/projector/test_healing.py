"""A quarantined treaty is healed by the next release, and then nothing shows that it ever was quarantined."""

import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from builders import deposited, notified, revoked
from database import fresh_database
from projector.releases import Releases, healed, healed_now, named, projection, quarantined, releases, rows, staleness

FOLLOWS_ILL = {"ill": 5, "child": 5, "late": 7}


@pytest.fixture(scope="module")
def run(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Releases]:
    with releases(module_database_url, Path(tmp_path_factory.mktemp("healing"))) as running:
        yield running


@pytest.fixture
async def other_url(postgres: str, template: str) -> AsyncIterator[str]:
    async with fresh_database(postgres, template=template) as url:
        yield url


def test_the_release_that_knows_the_type_heals_what_another_quarantined(
    database_url: str, other_url: str, run: Releases
) -> None:
    with run.deployed(database_url, yesterday="unknown:withdrawal.notified", batch="3") as old:
        assert quarantined(old).items() >= FOLLOWS_ILL.items()
        ahead = projection(old)
    with run.deployed(database_url) as new:
        after = healed(new, {})
        assert staleness(new.ask("/v1/treaties/ill/members")) == (False, None)
        (exit_,) = named(new.ask("/v1/pending-exits?as_of=2020-01-01&treaty=child"), "pending_exits")
        assert exit_["participant"] == "FRA"
    with run.deployed(other_url) as untroubled:
        assert after == projection(untroubled)
    assert after["digest"] != ahead["digest"]
    assert rows(database_url) == rows(other_url)


def test_a_defect_heals_with_the_release_that_has_not_got_it_and_not_before(
    database_url: str, other_url: str, run: Releases
) -> None:
    for _ in range(2):
        with run.deployed(database_url, failpoints="folding:raise:child@4") as defective:
            assert quarantined(defective) == {"child": 4, "late": 7}
    with run.deployed(database_url) as new, run.deployed(other_url) as untroubled:
        assert healed(new, {}) == projection(untroubled)
    assert rows(database_url) == rows(other_url)


def test_a_release_that_knows_a_part_heals_up_to_what_it_does_not_know(
    database_url: str, other_url: str, run: Releases
) -> None:
    with run.deployed(database_url, yesterday="unknown:withdrawal.notified,unknown:signature.affixed") as old:
        assert quarantined(old)["exit"] == 13
    with run.deployed(database_url, yesterday="unknown:signature.affixed") as newer:
        part = healed(newer, {"exit": 14})
    with run.deployed(other_url, yesterday="unknown:signature.affixed") as untroubled:
        assert part == projection(untroubled)
    assert rows(database_url) == rows(other_url)


def test_healing_beside_a_running_worker_loses_nothing_of_what_either_writes(
    database_url: str, other_url: str, run: Releases
) -> None:
    with run.deployed(database_url, failpoints="folding:raise:ill@6") as defective:
        assert quarantined(defective) == {"ill": 6, "child": 6, "late": 7}
        assert staleness(defective.ask("/v1/treaties/ill/members")) == (True, 6)
        code, said = healed_now(database_url)
        assert (code, "ill is healed" in said) == (0, True), said
        assert staleness(defective.ask("/v1/treaties/ill/members")) == (False, None)
        run.post(("well", deposited("DEU", "2001-01-01")), ("exit", revoked("FRA", "2019-08-01")))
        defective.size = run.size
        both = projection(defective)
    with run.deployed(other_url) as untroubled:
        assert both == projection(untroubled)
    assert rows(database_url) == rows(other_url)


def test_what_an_earlier_release_quarantines_beside_a_newer_one_is_healed_by_the_newer(
    database_url: str, run: Releases
) -> None:
    with run.deployed(database_url) as new:
        assert quarantined(new) == {}
        run.services[-1].process.send_signal(signal.SIGSTOP)
        run.post(("well", notified("FRA", "2030-01-01")))
        with run.deployed(database_url, yesterday="unknown:withdrawal.notified") as old:
            assert quarantined(old) == {"well": run.size - 1}
        run.services[-2].process.send_signal(signal.SIGCONT)
        healed(new, {})


def test_with_nothing_in_quarantine_there_is_nothing_to_heal(database_url: str) -> None:
    assert healed_now(database_url) == (0, "no treaty is quarantined\n")


async def test_a_treaty_whose_past_would_come_out_otherwise_is_left_for_a_rebuild(
    database_url: str, run: Releases
) -> None:
    with run.deployed(database_url, yesterday="unknown:signature.affixed") as old:
        assert quarantined(old) == {"exit": 14}
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "UPDATE projector_blue.treaty SET title = 'Once concluded otherwise' WHERE treaty = 'exit'"
    )
    await connection.close()

    code, said = healed_now(database_url)

    assert code == 1
    assert "exit stays quarantined since position 14" in said
    assert "rebuild the projection" in said
