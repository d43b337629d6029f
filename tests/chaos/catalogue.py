"""List what strikes a projector that follows a ledger, and how each does."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chaos.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Say what strikes, and how the workers are set up for it; `{n}` becomes a small number."""

    name: str
    rows: tuple[str, ...]
    strike: Callable[[Scene], Awaitable[None]]
    failpoints: str = ""
    workers: int = 1
    sharing: int = 0
    """How many of the workers share the projection; the others follow it as if alone."""


async def nothing(scene: Scene) -> None:
    """Do nothing for a while."""
    await scene.more(100)


async def kill_worker(scene: Scene) -> None:
    """Kill the worker at a random moment, a few times; it is started again."""
    for _ in range(scene.rng.randrange(1, 4)):
        await scene.some()
        scene.worker.tell(signal.SIGKILL)


async def kill_ledger(scene: Scene) -> None:
    """Kill the ledger at a random moment; it is started again."""
    await scene.some()
    scene.ledger.tell(signal.SIGKILL)
    await scene.more(20)


async def kill_postgres(scene: Scene) -> None:
    """Kill PostgreSQL with all its processes, and start it again."""
    await scene.some()
    scene.ground.server.kill()
    await asyncio.to_thread(scene.ground.server.start_again)
    await scene.more(20)


async def kill_all(scene: Scene) -> None:
    """Kill everything at once."""
    await scene.some()
    scene.ground.server.kill()
    for service in (scene.worker, scene.ledger):
        service.tell(signal.SIGKILL)
    await asyncio.to_thread(scene.ground.server.start_again)
    await scene.more(20)


async def cut_network(scene: Scene) -> None:
    """Cut the network between projector and ledger, a few times."""
    for _ in range(scene.rng.randrange(1, 5)):
        await scene.some()
        scene.network.cut()
        await scene.sometime(0.02, 0.5)
        scene.network.mend()


async def hold_network(scene: Scene) -> None:
    """Let nothing pass between projector and ledger for a while, without breaking anything; then cut it."""
    await scene.some()
    scene.network.hold()
    await scene.sometime(0.2, 1.5)
    if scene.rng.random() < 0.5:
        scene.network.cut()
    scene.network.mend()
    await scene.more(20)


async def freeze_worker(scene: Scene) -> None:
    """Stop the worker for a while, as a machine that is moved would."""
    await scene.some()
    scene.worker.tell(signal.SIGSTOP)
    await scene.sometime(0.1, 1.5)
    scene.worker.tell(signal.SIGCONT)
    await scene.more(20)


async def kill_one(scene: Scene) -> None:
    """Kill one of several workers that write to one database; all go on."""
    for _ in range(scene.rng.randrange(1, 4)):
        await scene.some()
        scene.rng.choice([scene.worker, *scene.others]).tell(signal.SIGKILL)
    await scene.more(20)


async def outsleep_lease(scene: Scene) -> None:
    """Stop one of a team until others have taken its part; then let it go on as if nothing had happened."""
    await scene.some()
    sleeper = scene.rng.choice([scene.worker, *scene.others])
    sleeper.tell(signal.SIGSTOP)
    await scene.sometime(1.2, 4.0)
    sleeper.tell(signal.SIGCONT)
    await scene.more(40)


async def wait_for_failpoint(scene: Scene) -> None:
    """Let the worker end itself where it was told to; it is started again."""
    await scene.more(20)
    while scene.worker.starts < 2:  # noqa: ASYNC110 - it is about another process
        await asyncio.sleep(0.02)
    await scene.more(20)


async def deploy_over_quarantine(scene: Scene) -> None:
    """Let a defective release quarantine treaties, and the next one heal them."""
    while "quarantined from position" not in scene.worker.said():  # noqa: ASYNC110 - it is about another process
        await asyncio.sleep(0.02)
    await scene.some()
    scene.worker.tell(scene.rng.choice((signal.SIGKILL, signal.SIGTERM)))
    await scene.more(40)


FAULTS: tuple[Fault, ...] = (
    Fault(name="calm", rows=("R3",), strike=nothing),
    Fault(name="worker killed", rows=("F9",), strike=kill_worker),
    Fault(
        name="worker killed before commit",
        rows=("F9",),
        strike=wait_for_failpoint,
        failpoints="before-commit:kill:{n}",
    ),
    Fault(
        name="worker killed after commit",
        rows=("F9",),
        strike=wait_for_failpoint,
        failpoints="after-commit:kill:{n}",
    ),
    Fault(name="ledger killed", rows=("F1", "F9"), strike=kill_ledger),
    Fault(name="PostgreSQL killed", rows=("F3", "F9", "F11"), strike=kill_postgres),
    Fault(name="everything killed", rows=("F1", "F3", "F9"), strike=kill_all),
    Fault(name="network cut", rows=("F9",), strike=cut_network),
    Fault(name="network held", rows=("F9",), strike=hold_network),
    Fault(name="worker frozen", rows=("F9", "F10"), strike=freeze_worker),
    Fault(name="one of two workers killed", rows=("F9",), strike=kill_one, workers=2),
    Fault(name="one of a team killed", rows=("F9",), strike=kill_one, workers=3, sharing=3),
    Fault(
        name="one of a team killed before commit",
        rows=("F9",),
        strike=wait_for_failpoint,
        failpoints="before-commit:kill:{n}",
        workers=3,
        sharing=3,
    ),
    Fault(name="one of a team frozen", rows=("F9", "F10"), strike=outsleep_lease, workers=2, sharing=2),
    Fault(name="PostgreSQL killed under a team", rows=("F3", "F9"), strike=kill_postgres, workers=2, sharing=2),
    Fault(name="network cut from a team", rows=("F9",), strike=cut_network, workers=2, sharing=2),
    Fault(name="one alone beside a team", rows=("F9",), strike=kill_one, workers=2, sharing=1),
    Fault(
        name="defective release",
        rows=("R1", "F9"),
        strike=deploy_over_quarantine,
        failpoints="folding:raise:{treaty}@{position}",
    ),
)
"""Every fault."""
