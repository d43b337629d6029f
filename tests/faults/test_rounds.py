"""Whatever strikes a register that is being written, every promise is kept: the short version of `make faults`."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from faults.catalogue import FAULTS, Fault
from faults.rounds import run_round
from faults.scene import Ground, prepared
from faults.servers import small_disk

WRITERS = 8
SHORT = (
    "kill after-commit",
    "kill before-guard",
    "PostgreSQL killed",
    "disk full",
    "one of two ledgers killed",
    "reads exhausted",
    "flood",
    "clock turned",
)


@pytest.fixture(scope="module")
async def ground() -> AsyncIterator[Ground]:
    """Give a server of its own, which these tests kill: on a small disk where one may be mounted."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="treaty-faults-")))
        disk = stack.enter_context(small_disk(folder / "disk"))
        async with prepared((disk or folder) / "postgres", disk=disk) as ready:
            yield ready


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.name in SHORT], ids=lambda fault: fault.name)
async def test_every_promise_is_kept_when(fault: Fault, ground: Ground) -> None:
    if fault.small_disk and ground.disk is None:
        pytest.skip("only root may mount a small disk")
    outcome = await run_round(ground, fault, Random(fault.name), most_writers=WRITERS)  # noqa: S311 - repeatable
    assert outcome.broken == ()
    assert outcome.acknowledged > 0


def test_every_row_that_is_promised_is_tried() -> None:
    tried = {row for fault in FAULTS for row in fault.rows}
    assert tried == {"F1", "F2", "F3", "F4", "F7", "F8", "F10", "D1", "D2", "D4", "T1", "T2", "T3", "C1"}


def test_the_short_version_names_faults_that_exist() -> None:
    assert set(SHORT) <= {fault.name for fault in FAULTS}
