"""Lay answers out as tables for people."""

from rich import box
from rich.console import Console
from rich.table import Table

from treaty_standalone.answers import Exit, History, Member, Members, PendingExits
from treaty_standalone.status import Status

DASH = "-"


def plain_console(*, stderr: bool = False) -> Console:
    """Return a console that shows what services answer as it is, whatever brackets or colons it holds."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def members_table(answer: Members) -> Table:
    """Lay out the members of a treaty."""
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in answer.counts.items() if count)
    table = _table(f"{answer.treaty} on {answer.as_of}: {counts or 'nobody'}")
    for heading in ("code", "name", "consent", "since", "until", "exit"):
        table.add_column(heading, no_wrap=heading in {"code", "since", "until"}, overflow="fold")
    for member in answer.members:
        table.add_row(
            member.participant,
            member.name,
            _consent(member),
            member.since or DASH,
            member.until or DASH,
            _exit(member.exit),
        )
    table.caption = f"as recorded up to event {answer.known_size}"
    return table


def pending_table(answer: PendingExits, *, title: str | None = None) -> Table:
    """Lay out the exits that are pending."""
    table = _table(title or f"Exits pending on {answer.as_of}: {len(answer.pending_exits)}")
    table.add_column("treaty", min_width=19, overflow="fold")
    for heading in ("name", "notified on", "effective on", "article"):
        table.add_column(heading, no_wrap=heading.endswith(" on"), overflow="fold")
    table.add_column("days left", justify="right")
    for exit_ in answer.pending_exits:
        effective = exit_.effective_on or exit_.stage
        table.add_row(
            exit_.treaty,
            exit_.name,
            exit_.notified_on or DASH,
            f"{effective} (contested)" if exit_.contested else effective,
            exit_.article or DASH,
            DASH if exit_.days_left is None else str(exit_.days_left),
        )
    return table


def signals_table(answer: PendingExits, *, title: str) -> Table:
    """Lay out what was announced or begun at home without a formal notice."""
    table = _table(title)
    for heading in ("treaty", "name", "stage", "since"):
        table.add_column(heading, no_wrap=heading == "since", overflow="fold")
    for signal in answer.pending_exits:
        table.add_row(signal.treaty, signal.name, signal.stage, signal.since or DASH)
    return table


def history_table(answer: History) -> Table:
    """Lay out what happened to a treaty, in legal order."""
    table = _table(f"{answer.treaty}: what happened until {answer.as_of}")
    for heading in ("on", "event", "what", "effect"):
        table.add_column(heading, no_wrap=heading == "on", overflow="fold")
    for happening in answer.history:
        event = DASH if happening.position is None else str(happening.position)
        table.add_row(happening.on or DASH, event, happening.says, happening.effect or DASH)
    return table


def status_table(status: Status) -> Table:
    """Lay out how far the two services have come."""
    table = _table("Status")
    for heading in ("service", "address", "events", "behind by", "trouble"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "address")
    for standing in (status.ledger, status.projector):
        size, lag = (DASH if count is None else str(count) for count in (standing.size, standing.lag))
        table.add_row(standing.service, standing.url, size, lag, standing.trouble or DASH)
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", caption_justify="left", box=box.SIMPLE_HEAD, title_style="bold")


def _consent(member: Member) -> str:
    remarks = [
        word
        for word, holds in (
            ("provisionally", member.provisional),
            (member.operation.replace("_", " "), member.operation != "in_operation"),
            ("contested", member.contested),
        )
        if holds
    ]
    return f"{member.consent} ({', '.join(remarks)})" if remarks else member.consent


def _exit(exit_: Exit | None) -> str:
    if exit_ is None:
        return DASH
    if exit_.effective_on is None:
        return exit_.stage
    left = f", {exit_.days_left} days left" if exit_.days_left is not None else ""
    return f"{exit_.stage}, effective {exit_.effective_on}{left}"
