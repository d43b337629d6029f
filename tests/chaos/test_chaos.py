"""Whatever strikes a projector, its answers are right for the size they state: the short version of `make chaos`."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from chaos.catalogue import FAULTS, Fault
from chaos.rounds import run_round
from faults.scene import Ground, prepared

SHORT = ("worker killed after commit", "everything killed", "network cut", "defective release")


@pytest.fixture(scope="module")
async def ground() -> AsyncIterator[Ground]:
    """Give a server of its own, which these tests kill."""
    with TemporaryDirectory(prefix="treaty-chaos-") as folder:
        async with prepared(Path(folder) / "postgres") as ready:
            yield ready


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.name in SHORT], ids=lambda fault: fault.name)
async def test_every_answer_is_right_for_its_size_when(fault: Fault, ground: Ground) -> None:
    outcome = await run_round(ground, fault, Random(fault.name))  # noqa: S311 - repeatable
    assert outcome.broken == ()
    assert outcome.digests_equal_a_rebuild == 1
    assert outcome.answers_compared > 0


def test_the_short_version_names_faults_that_exist() -> None:
    assert set(SHORT) <= {fault.name for fault in FAULTS}
