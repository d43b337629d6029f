"""Show what the bundled histories say: the Treaty on Open Skies day by day, and every exit pending today."""

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from treaty_standalone.answers import Members, PendingExits
from treaty_standalone.client import Service
from treaty_standalone.tables import pending_table, signals_table

TREATY: Final = "open-skies"
DAYS: Final = ("2020-11-21", "2020-11-22", "2021-12-18", None)
PENDING_DAY: Final = "2021-07-01"


def show_dashboard(console: Console, projector: Service, ledger: Service) -> None:
    """Ask the projector and print what it answers. Raises Refused, Unreachable."""
    lists = [_members(projector, day) for day in DAYS]
    console.print(_parties_table(lists))
    then = _pending(projector, treaty=TREATY, as_of=PENDING_DAY)
    console.print(pending_table(then, title=f"Exits pending from the Treaty on Open Skies on {PENDING_DAY}"))
    console.print(pending_table(_pending(projector)))
    signals = _pending(projector, stage="signals")
    if signals.pending_exits:
        console.print(signals_table(signals, title=f"Signals without a formal notice on {signals.as_of}"))
    show_addresses(console, projector, ledger)


def show_addresses(console: Console, projector: Service, ledger: Service) -> None:
    """Print where everything is, and commands to try."""
    lines = (
        f"Ledger     {ledger.url}/docs",
        f"Projector  {projector.url}/docs",
        "",
        f"curl '{projector.url}/v1/treaties/{TREATY}/members?as_of=2020-11-22'",
        f"curl '{projector.url}/v1/treaties/{TREATY}/members/RUS'",
        f"curl '{projector.url}/v1/pending-exits?as_of={PENDING_DAY}'",
        f"curl '{ledger.url}/v1/events?treaty={TREATY}&limit=3'",
        "",
        f"Record with   Authorization: Bearer {ledger.key}",
        "",
        *_commands(projector, ledger),
    )
    console.print(Text("\n".join(lines)), soft_wrap=True)


def _commands(projector: Service, ledger: Service) -> Iterable[str]:
    if not (ledger.url.endswith(":8001") and projector.url.endswith(":8002")):
        yield f"export TREATY_LEDGER_URL={ledger.url} TREATY_PROJECTOR_URL={projector.url}"
    yield f".venv/bin/treaty members {TREATY} --as-of 2020-11-22"
    yield ".venv/bin/treaty pending"
    yield ".venv/bin/treaty --help"


def _members(projector: Service, day: str | None) -> Members:
    return Members.model_validate(
        projector.ask_all(f"/v1/treaties/{TREATY}/members", "members", {"consent": "party", "as_of": day})
    )


def _pending(
    projector: Service, *, treaty: str | None = None, as_of: str | None = None, stage: str | None = None
) -> PendingExits:
    asked = {"treaty": treaty, "as_of": as_of, "stage": stage}
    return PendingExits.model_validate(projector.ask_all("/v1/pending-exits", "pending_exits", asked))


def _parties_table(lists: list[Members]) -> Table:
    table = Table(title="Parties to the Treaty on Open Skies", title_justify="left", title_style="bold", box=None)
    table.add_column("on", no_wrap=True)
    table.add_column("parties", justify="right")
    table.add_column("change since the line above")
    before: dict[str, str] = {}
    for day, answer in zip(DAYS, lists, strict=True):
        now = answer.parties
        left = [name for code, name in before.items() if code not in now]
        joined = [name for code, name in now.items() if before and code not in before]
        change = [f"left: {', '.join(left)}"] if left else []
        change += [f"joined: {', '.join(joined)}"] if joined else []
        label = answer.as_of if day else f"{answer.as_of} (today)"
        table.add_row(label, str(answer.counts["party"]), "; ".join(change))
        before = now
    return table
