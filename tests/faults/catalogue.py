"""List the faults that rounds are made of, and the rows of the fault matrix that each one tries."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from faults import strikes
from faults.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Say what strikes, and how the ledgers are set up for it."""

    name: str
    rows: tuple[str, ...]
    strike: Callable[[Scene], Awaitable[None]]
    env: Mapping[str, str] = field(default_factory=dict)
    ledgers: int = 1
    give_up: bool = False
    impatient: bool = False
    small_disk: bool = False


def _failing(place: str, action: str, rows: tuple[str, ...]) -> Fault:
    """Return a fault at a failpoint; `{n}` becomes a small number, from 3 on: a start passes some places twice."""
    return Fault(
        name=f"{action} {place}",
        rows=rows,
        strike=strikes.wait_for_failpoint,
        env={"TREATY_LEDGER_FAILPOINTS": f"{place}:{action}:{{n}}"},
    )


FAULTS: tuple[Fault, ...] = (
    Fault(name="calm", rows=("D1", "D2", "D4"), strike=strikes.nothing),
    Fault(name="ledger killed", rows=("F1",), strike=strikes.kill_ledger),
    _failing("before-commit", "kill", ("F1", "F8")),
    _failing("after-commit", "kill", ("F1", "F2")),
    _failing("before-signing", "kill", ("F1",)),
    _failing("before-guard", "kill", ("F1",)),
    _failing("before-publish", "kill", ("F1",)),
    _failing("before-commit", "lose", ("F8",)),
    _failing("after-commit", "lose", ("F2",)),
    _failing("before-guard", "lose", ("F2",)),
    _failing("before-commit", "pause", ("F10",)),
    _failing("after-commit", "pause", ("F2",)),
    Fault(
        name="answers lost at random",
        rows=("F2", "F8"),
        strike=strikes.wait_for_failpoint,
        env={"TREATY_LEDGER_FAILPOINTS": "before-commit:lose:0.1,after-commit:lose:0.1"},
    ),
    Fault(name="connection broken", rows=("F2",), strike=strikes.break_connections),
    Fault(name="statement cancelled", rows=("F8", "F10"), strike=strikes.cancel_statements),
    Fault(name="clients hang up", rows=("F2", "F10"), strike=strikes.hang_up, impatient=True),
    Fault(name="PostgreSQL killed", rows=("F3",), strike=strikes.kill_postgres),
    Fault(name="PostgreSQL and ledger killed", rows=("F1", "F3"), strike=strikes.kill_both),
    Fault(name="disk full", rows=("F4",), strike=strikes.fill_disk, small_disk=True),
    Fault(name="ledger frozen", rows=("F10",), strike=strikes.freeze_ledger),
    Fault(name="backend frozen", rows=("F10",), strike=strikes.freeze_backend),
    Fault(name="two ledgers", rows=("F7", "T3"), strike=strikes.nothing, ledgers=2),
    Fault(name="one of two ledgers killed", rows=("F1", "F7", "T3"), strike=strikes.kill_one_of_two, ledgers=2),
    Fault(
        name="paused with the lock",
        rows=("F7", "F10", "T3"),
        strike=strikes.outlast_lock,
        env={"TREATY_LEDGER_FAILPOINTS": "locked:pause:{n}"},
        ledgers=2,
    ),
    Fault(
        name="one of two ledgers paused",
        rows=("F7", "F10", "T3"),
        strike=strikes.wait_for_failpoint,
        env={"TREATY_LEDGER_FAILPOINTS": "before-commit:pause:{n}"},
        ledgers=2,
    ),
    Fault(
        name="reads exhausted",
        rows=("F10",),
        strike=strikes.exhaust_reads,
        env={"TREATY_LEDGER_READ_CONNECTIONS": "2", "TREATY_LEDGER_READ_WAIT_SECONDS": "0.3"},
    ),
    Fault(
        name="flood",
        rows=("T1",),
        strike=strikes.flood,
        env={"TREATY_LEDGER_QUEUED_REQUESTS": "3"},
        give_up=True,
    ),
    Fault(name="clock turned", rows=("C1",), strike=strikes.turn_clock),
    Fault(name="backup restored", rows=("T2", "T3"), strike=strikes.restore_backup),
)
"""Every fault."""
