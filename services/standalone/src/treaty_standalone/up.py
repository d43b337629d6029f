"""Start everything in one command, post the bundled histories, show a dashboard, and serve until told to stop."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from treaty_contracts.problems import PROBLEMS
from treaty_standalone.answers import LogSize, Projection
from treaty_standalone.client import open_http
from treaty_standalone.dashboard import show_addresses, show_dashboard
from treaty_standalone.documents import count_lines, read_lines
from treaty_standalone.errors import HistoryRejected, ProjectionStuck
from treaty_standalone.places import histories
from treaty_standalone.posting import post_lines
from treaty_standalone.stack import Plan, Stack, run_stack
from treaty_standalone.tables import plain_console

STUCK_SECONDS: Final = 60.0
POLL_SECONDS: Final = 0.1
STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(BaseException):
    """Unwind to the end of the command: somebody asked it to stop."""


def run(plan: Plan, *, demo: bool, once: bool) -> None:
    """Start everything, and return when told to stop; with `once`, after the dashboard. Raises StandaloneError."""
    output, progress = plain_console(), plain_console(stderr=True)
    try:
        with _stop_on_signal(), open_http() as http:
            progress.print("Starting PostgreSQL, the ledger and the projector …")
            with run_stack(plan, http, progress.print) as stack, _undisturbed_end():
                if demo:
                    _post_histories(stack, progress)
                _catch_up(stack, progress)
                if demo:
                    show_dashboard(output, stack.projector, stack.ledger)
                else:
                    show_addresses(output, stack.projector, stack.ledger)
                if not once:
                    _serve(stack, progress)
    except StopAsked:
        progress.print("Stopped.")


@contextmanager
def _stop_on_signal() -> Iterator[None]:
    before = {number: signal.signal(number, _ask_to_stop) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _undisturbed_end() -> Iterator[None]:
    """Let the orderly stop that follows run to its end."""
    try:
        yield
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: a second signal must not cut the orderly stop short.
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise StopAsked


def _post_histories(stack: Stack, console: Console) -> None:
    """Post every bundled history over HTTP; what is recorded already is merely answered again.

    A release may mend a history: what is recorded stays as it is, since nobody rewrites a record.
    """
    files, otherwise = histories(), list[str]()
    with _bar(console) as bar:
        task = bar.add_task("Posting the bundled histories", total=sum(count_lines(path) for path in files))
        for path in files:
            with path.open("rb") as file:
                for outcome in post_lines(stack.ledger, read_lines(file, name=path.name)):
                    if outcome.problem and outcome.problem.type != PROBLEMS["event-id-conflict"].uri:
                        raise HistoryRejected(path, outcome.rejection())
                    if outcome.problem:
                        otherwise.append(f"{path.name}:{outcome.line}")
                    bar.advance(task)
    if otherwise:
        console.print(f"Recorded by an earlier release with another content, and left so: {', '.join(otherwise)}.")


def _catch_up(stack: Stack, console: Console) -> None:
    """Wait until the projector has applied all that the ledger holds."""
    size = LogSize.model_validate(stack.ledger.ask("/v1/events", {"limit": 1})).size
    applied, moved = -1, time.monotonic()
    with _bar(console) as bar:
        task = bar.add_task("Deriving who is bound by what", total=size)
        while applied < size:
            now = Projection.model_validate(stack.projector.ask("/v1/projection")).size
            if now != applied:
                applied, moved = now, time.monotonic()
                bar.update(task, completed=min(applied, size))
                continue
            stack.check()
            if time.monotonic() - moved > STUCK_SECONDS:
                raise ProjectionStuck(applied, size, seconds=STUCK_SECONDS)
            time.sleep(POLL_SECONDS)


def _serve(stack: Stack, console: Console) -> None:
    console.print("Serving until Ctrl-C.")
    while True:
        stack.check()
        time.sleep(POLL_SECONDS)


def _bar(console: Console) -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console)
