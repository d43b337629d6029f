"""What a release cannot fold is quarantined in a rebuild as it is in the worker that follows the log."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from database import fresh_database
from projector.receivers import make_webhook, receiving
from projector.releases import READ_MODEL, Releases, projection, quarantined, releases, rows

UNKNOWN = "unknown:withdrawal.notified,unknown:signature.affixed"


@pytest.fixture(scope="module")
def run(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Releases]:
    with releases(module_database_url, Path(tmp_path_factory.mktemp("unfoldable"))) as running:
        yield running


@pytest.fixture
async def other_url(postgres: str, template: str) -> AsyncIterator[str]:
    async with fresh_database(postgres, template=template) as url:
        yield url


@pytest.mark.parametrize(
    ("yesterday", "failpoints"),
    [
        (UNKNOWN, "folding:raise:well@10"),
        ("", "folding:raise:ill@6,folding:raise:child@4,folding:raise:late@7"),
        ("other:signature.affixed", "folding:raise:parent@0"),
    ],
)
def test_a_rebuild_quarantines_as_the_worker_did(
    database_url: str, run: Releases, yesterday: str, failpoints: str
) -> None:
    with run.deployed(database_url, yesterday=yesterday, failpoints=failpoints, batch="5") as register:
        live = projection(register)
        assert live["quarantined"] != []

        code, said = run.rebuild(database_url, "--switch", yesterday=yesterday, failpoints=failpoints)

        assert code == 0, said
        assert projection(register) == live
    assert rows(database_url, tables=READ_MODEL) == rows(database_url, schema="projector_green", tables=READ_MODEL)


def test_a_rebuild_by_a_release_that_knows_more_leaves_nobody_in_quarantine_and_webhooks_tell(
    database_url: str, other_url: str, run: Releases
) -> None:
    loopback = {"webhook_allow": "127.0.0.0/8", "webhook_http": "true"}
    with receiving() as receiver, run.deployed(database_url, yesterday=UNKNOWN, **loopback) as old:
        assert quarantined(old)["exit"] == 13
        make_webhook(database_url, receiver.url, "--treaty", "exit", "--from-size", str(run.size))
        code, said = run.rebuild(database_url, "--switch", "--accept-differences")
        assert code == 0, said
        (told,) = receiver.wait_for(lambda received: len(received) == 1)
        assert (told.said["type"], told.data["healed"]) == ("treaty.healed", [{"treaty": "exit", "since": 13}])
    with run.deployed(other_url) as untroubled:
        known = projection(untroubled)
    with run.deployed(database_url) as new:
        assert projection(new) == known


def test_nobody_is_quarantined_by_a_switch_that_was_not_wanted(database_url: str, run: Releases) -> None:
    with run.deployed(database_url) as register:
        before = projection(register)

        code, said = run.rebuild(database_url, "--switch", failpoints="folding:raise:one-of-3@24")

        assert code == 1, said
        assert "one-of-3 is quarantined since position 24: a defect of the projector" in said
        assert "generation 1 goes on answering" in said
        assert projection(register) == before


def test_a_release_that_fails_with_many_treaties_makes_no_generation(database_url: str, run: Releases) -> None:
    with run.deployed(database_url) as register:
        register.ask("/v1/projection")
        code, said = run.rebuild(database_url, yesterday="unknown:declaration.made", quarantine_most="2")
        assert code == 1
        assert "would quarantine more than 2 treaties" in said
        code, said = run.rebuild(database_url, yesterday="older:signature.affixed")
        assert code == 1
        assert "entry 14 is written in schema version 1 of signature.affixed" in said
        code, said = run.rebuild(database_url, yesterday="unknown:participant.related")
        assert code == 1
        assert "entry 15 is about the participants of all treaties and cannot be read" in said
