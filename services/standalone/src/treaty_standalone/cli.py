"""The `treaty` command line: start everything, post events, ask who is bound by what."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO, TypeAlias
from urllib.parse import quote

import httpx
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from treaty_contracts.canonical import JsonObject
from treaty_standalone import tables, up
from treaty_standalone.answers import History, Members, PendingExits
from treaty_standalone.cli_audit import audit_commands
from treaty_standalone.cli_log import log_commands
from treaty_standalone.cli_options import LEDGER, AsJson, KeyFile, LedgerUrl, ledger_at
from treaty_standalone.client import Service, open_http
from treaty_standalone.documents import count_lines, read_lines
from treaty_standalone.errors import FAILED, UNREACHABLE, StandaloneError
from treaty_standalone.posting import Outcome, post_lines
from treaty_standalone.stack import Plan
from treaty_standalone.status import read_status

commands = typer.Typer(
    name="treaty",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Record facts about treaties, and ask who is bound by what on any day, as known at any time.",
    epilog="Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 a service does not answer.",
)


class Consent(StrEnum):
    """Say which members to list."""

    PARTY = "party"
    SIGNATORY = "signatory"
    CONTRACTING = "contracting"
    BOUND = "bound"
    FORMER = "former"
    ALL = "all"


def _day(text: str) -> str:
    try:
        return str(date.fromisoformat(text))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day: write it as 2020-11-22.") from error


ProjectorUrl: TypeAlias = Annotated[
    str, typer.Option(envvar="TREATY_PROJECTOR_URL", help="Where the projector answers.")
]
Treaty: TypeAlias = Annotated[str, typer.Argument(help="The treaty's id, such as open-skies.", show_default=False)]
AsOf: TypeAlias = Annotated[
    str | None,
    typer.Option(
        parser=_day, metavar="DAY", help="Who was bound on this day; default today (UTC).", show_default=False
    ),
]
PROJECTOR = "http://127.0.0.1:8002"


@commands.command("up", epilog="Example: treaty up --data-dir .data --once")
def start_everything(
    *,
    data_dir: Annotated[Path, typer.Option(help="Where the data and the logs live.")] = Path(".data"),
    host: Annotated[str, typer.Option(help="The address both services listen on.")] = "127.0.0.1",
    ledger_port: Annotated[int, typer.Option(min=1, max=65535, help="The ledger's port.")] = 8001,
    projector_port: Annotated[int, typer.Option(min=1, max=65535, help="The projector's port.")] = 8002,
    demo: Annotated[bool, typer.Option(help="Post the bundled histories and show a dashboard.")] = True,
    once: Annotated[bool, typer.Option("--once", help="End after the dashboard instead of serving.")] = False,
) -> None:
    """Start PostgreSQL, the ledger and the projector; serve until Ctrl-C.

    PostgreSQL comes with the package and keeps its data in the data folder; set TREATY_DATABASE_URL to use your own.
    """
    if ledger_port == projector_port:
        raise typer.BadParameter("the two services need two ports.", param_hint="--projector-port")
    plan = Plan(data_dir=data_dir.resolve(), host=host, ledger_port=ledger_port, projector_port=projector_port)
    up.run(plan, demo=demo, once=once)


@commands.command("post", epilog="Example: treaty post history.jsonl    Example: cat event.json | treaty post -")
def post_file(
    file: Annotated[
        str, typer.Argument(help="A file of events: a JSON object, an array, or JSON Lines; - reads input.")
    ],
    *,
    as_json: AsJson = False,
    ledger_url: LedgerUrl = LEDGER,
    api_key_file: KeyFile = None,
) -> None:
    """Post events to the ledger; each that is rejected is named with its line and the reason.

    What is recorded already is answered again, so a file may be posted twice.
    """
    recorded = rejected = 0
    with open_http() as http, _opened(file) as (source, total):
        ledger = ledger_at(ledger_url, http, api_key_file)
        console = tables.plain_console(stderr=True)
        with Progress(console=console, disable=as_json or not console.is_terminal, transient=True) as progress:
            task = progress.add_task("Posting", total=total)
            for outcome in post_lines(ledger, read_lines(source, name=file)):
                recorded, rejected = recorded + (not outcome.problem), rejected + bool(outcome.problem)
                _report(outcome, console, as_json=as_json)
                progress.advance(task)
    if not as_json:
        sys.stdout.write(f"{recorded} recorded, {rejected} rejected\n")
    if rejected:
        raise typer.Exit(FAILED)


@commands.command("import", epilog="Example: treaty import actions.csv.gz --treaties treaties.csv.gz --dry-run")
def import_table(  # noqa: PLR0913 - each is an option of the command line
    file: Annotated[Path, typer.Argument(help="A table of actions: comma-separated values, plain or gzip.")],
    *,
    treaties: Annotated[Path, typer.Option(help="The table of the treaties they are about.")],
    mapping: Annotated[
        Path | None, typer.Option(help="How the tables map to events, as TOML; see docs/importing.md.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Post nothing; say what would be posted.")] = False,
    as_json: AsJson = False,
    ledger_url: LedgerUrl = LEDGER,
    projector_url: ProjectorUrl = PROJECTOR,
    api_key_file: KeyFile = None,
) -> None:
    """Post what a depositary's status table tells, and account for every row of it.

    What is recorded already is answered again, so an import may be repeated, and goes on where it broke off.
    """
    from treaty_standalone.importing.run import Files, rehearse_import, run_import  # noqa: PLC0415 - only who asks pays

    files = Files(actions=file, treaties=treaties, mapping=mapping)
    if dry_run:
        report = rehearse_import(files)
    else:
        console = tables.plain_console(stderr=True)
        with open_http() as http, Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
            ledger, projector = ledger_at(ledger_url, http, api_key_file), _projector(projector_url, http)
            report = run_import(files, ledger=ledger, projector=projector, progress=bar)
    sys.stdout.write(report.as_text(as_json=as_json))
    if report.failed:
        raise typer.Exit(FAILED)


@commands.command("members", epilog="Example: treaty members open-skies --as-of 2020-11-22 --consent all")
def list_members(  # noqa: PLR0913 - each is an option of the command line
    treaty: Treaty,
    *,
    as_of: AsOf = None,
    known_at: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="As recorded by then, such as 2026-01-31T12:00:00Z.", show_default=False),
    ] = None,
    known_size: Annotated[
        int | None, typer.Option(min=0, help="As the first N events of the log tell it.", show_default=False)
    ] = None,
    consent: Annotated[Consent, typer.Option(help="Which members.")] = Consent.PARTY,
    as_json: AsJson = False,
    projector_url: ProjectorUrl = PROJECTOR,
) -> None:
    """List who is bound by a treaty on a day, according to what was recorded by an instant."""
    asked = {"consent": consent.value, "as_of": as_of, "known_at": known_at, "known_size": known_size}
    with open_http() as http:
        answer = _projector(projector_url, http).ask_all(f"{_path(treaty)}/members", "members", asked)
    _show(answer, None if as_json else tables.members_table(Members.model_validate(answer)))


@commands.command("pending", epilog="Example: treaty pending open-skies --as-of 2021-07-01")
def list_pending(
    treaty: Annotated[str | None, typer.Argument(help="Only this treaty.", show_default=False)] = None,
    *,
    as_of: AsOf = None,
    as_json: AsJson = False,
    projector_url: ProjectorUrl = PROJECTOR,
) -> None:
    """List the formal notices of exit that have not taken effect."""
    asked = {"treaty": treaty, "as_of": as_of}
    with open_http() as http:
        answer = _projector(projector_url, http).ask_all("/v1/pending-exits", "pending_exits", asked)
    _show(answer, None if as_json else tables.pending_table(PendingExits.model_validate(answer)))


@commands.command("history", epilog="Example: treaty history open-skies")
def tell_history(treaty: Treaty, *, as_json: AsJson = False, projector_url: ProjectorUrl = PROJECTOR) -> None:
    """Tell everything that happened to a treaty, in legal order, with what it changed."""
    with open_http() as http:
        answer = _projector(projector_url, http).ask_all(f"{_path(treaty)}/history", "history")
    _show(answer, None if as_json else tables.history_table(History.model_validate(answer)))


@commands.command("status", epilog="Example: treaty status --json")
def show_status(
    *,
    as_json: AsJson = False,
    ledger_url: LedgerUrl = LEDGER,
    projector_url: ProjectorUrl = PROJECTOR,
    api_key_file: KeyFile = None,
) -> None:
    """Say whether both services answer, and how far each has come; exit code 3 when one does not answer."""
    with open_http() as http:
        status = read_status(ledger_at(ledger_url, http, api_key_file), _projector(projector_url, http))
    _show(status.as_json(), None if as_json else tables.status_table(status))
    if not status.complete:
        raise typer.Exit(UNREACHABLE)


commands.add_typer(log_commands)
commands.add_typer(audit_commands)


def app() -> None:
    """Run the command line; an error is one line, and its kind is the exit code."""
    try:
        commands()
    except StandaloneError as error:
        sys.stderr.write(f"treaty: {error}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has heard enough; the interpreter must not try to flush the rest.
        sys.stdout = None
        sys.exit(FAILED)


def _projector(url: str, http: httpx.Client) -> Service:
    return Service("projector", url, http)


def _path(treaty: str) -> str:
    return f"/v1/treaties/{quote(treaty, safe='')}"


def _show(answer: JsonObject, table: Table | None) -> None:
    if table is None:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        tables.plain_console().print(table)


def _report(outcome: Outcome, console: Console, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(outcome.answer, ensure_ascii=False) + "\n")
    elif outcome.problem:
        console.print(Text(outcome.rejection()), soft_wrap=True)


@contextmanager
def _opened(name: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open a file, or the standard input for `-`, and count its lines if it can be read twice."""
    if name == "-":
        yield sys.stdin.buffer, None
        return
    path = Path(name)
    try:
        total = count_lines(path) if path.is_file() else None
        file = path.open("rb")
    except OSError as error:
        raise typer.BadParameter(f"{name}: {error.strerror}.", param_hint="FILE") from error
    with file:
        yield file, total
