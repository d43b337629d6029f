"""`treaty-projector webhooks`: who is told of changes of membership, and how it goes."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias, TypeVar

import typer

from treaty_contracts.envelope import format_instant
from treaty_projector.commands.ending import told_in_a_line
from treaty_projector.connections import connect, find_active
from treaty_projector.errors import WebhookRefused
from treaty_projector.generations import Place
from treaty_projector.settings import ProjectorSettings, load_settings
from treaty_projector.webhooks.book import Book
from treaty_projector.webhooks.letters import write_ping
from treaty_projector.webhooks.opening import open_caller, open_guard
from treaty_projector.webhooks.record import Record
from treaty_projector.webhooks.sender import deliver
from treaty_projector.webhooks.targets import port_of, read_target
from treaty_projector.webhooks.values import DeadLetter, Webhook

T = TypeVar("T")

_TIMEOUT_MS = 5_000
_LARGEST_SIZE = 2**53

app = typer.Typer(help="Who is told of changes of membership, in signed requests.", no_args_is_help=True)

Name: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="The webhook, as `list` shows it: wh_….")]


@app.command("add", epilog="Example: treaty-projector webhooks add https://example.org/treaties --treaty open-skies")
def add_webhook(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to deliver to: an https URL.")],
    *,
    treaty: Annotated[list[str] | None, typer.Option(help="Of this treaty only; may be given several times.")] = None,
    participant: Annotated[list[str] | None, typer.Option(help="Of this participant only; the same.")] = None,
    from_size: Annotated[
        int | None, typer.Option(help="From this size of the log on; from now on if left out.")
    ] = None,
) -> None:
    """Deliver changes to a URL; print the webhook's id and its secret: this once, it is shown never again."""

    async def work(book: Book, settings: ProjectorSettings) -> tuple[Webhook, str]:
        target = read_target(url, plain_http=settings.webhook_http)
        await open_guard(settings).check(target.host, port_of(target))
        return await book.add(str(target), treaties=treaty or (), participants=participant or (), from_size=from_size)

    webhook, secret = _run(work)
    sys.stderr.write(
        f"{webhook.webhook} delivers what is recorded after {webhook.emitted_size} entries; its secret is shown once:\n"
    )
    sys.stdout.write(f"{webhook.webhook} {secret}\n")


@app.command("list")
def list_webhooks() -> None:
    """List every webhook: where it leads, what of, how far it has come, and what keeps it."""
    for webhook in _run(lambda book, _: book.all()):
        sys.stdout.write(f"{webhook.webhook}  {webhook.state}  {webhook.url}  {_scope(webhook)}  {_course(webhook)}\n")


@app.command("show")
def show_webhook(name: Name) -> None:
    """Show everything about one webhook but its secret."""
    webhook = _run(lambda book, _: book.find(name))
    for title, text in _facts(webhook):
        sys.stdout.write(f"{title + ':':<16} {text}\n")


@app.command("remove")
def remove_webhook(name: Name) -> None:
    """End a webhook, with everything that is still to be delivered to it."""
    _run(lambda book, _: book.remove(name))
    sys.stdout.write(f"{name} is removed\n")


@app.command("pause")
def pause_webhook(name: Name) -> None:
    """Deliver nothing until `resume`; nothing is lost meanwhile."""
    _run(lambda book, _: book.pause(name))
    sys.stdout.write(f"{name} is paused\n")


@app.command("resume")
def resume_webhook(name: Name) -> None:
    """Go on where a webhook was paused, or where its receiver answered 410, and try at once what waits."""
    _run(lambda book, _: book.resume(name))
    sys.stdout.write(f"{name} is active\n")


@app.command("rotate-secret")
def rotate_secret(name: Name) -> None:
    """Print a new secret; for 24 hours deliveries are signed with the old one too. Twice, and the old one is out."""
    secret = _run(lambda book, _: book.rotate(name))
    sys.stderr.write(f"The new secret of {name}; it is shown once, and the old one counts for 24 hours more:\n")
    sys.stdout.write(f"{secret}\n")


@app.command("dead")
def list_dead_letters() -> None:
    """List the deliveries that were given up, the oldest first."""
    for letter in _run(lambda book, _: book.dead_letters()):
        sys.stdout.write(f"{_dead(letter)}\n")


@app.command("replay", epilog="Example: treaty-projector webhooks replay --all --since 1000")
def replay_dead_letters(
    name: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="One delivery (msg_…), or all of a webhook.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Everything that was given up.")] = False,
    since: Annotated[
        int, typer.Option(min=0, max=_LARGEST_SIZE, help="Only what tells of changes after this size of the log.")
    ] = 0,
) -> None:
    """Try again what was given up, at once and under its old webhook-id."""
    if (name is None) != everything:
        raise typer.BadParameter("give either an ID or --all")
    replayed = _run(lambda book, _: book.replay(name, since=since))
    for delivery in replayed:
        sys.stdout.write(f"{delivery} is tried again\n")
    if not replayed:
        with told_in_a_line():
            raise WebhookRefused("there is nothing to replay; `treaty-projector webhooks dead` shows what was given up")


@app.command("test")
def ping_webhook(name: Name) -> None:
    """Send a ping now, from here, and say what becomes of it."""
    _run(lambda book, settings: _ping(book, settings, name))
    sys.stdout.write(f"{name} took the ping\n")


async def _ping(book: Book, settings: ProjectorSettings, name: str) -> None:
    webhook = await book.find(name)
    letter = write_ping(name, at=format_instant(dt.datetime.now(dt.UTC)))
    async with open_caller(settings) as caller:
        answer = await deliver(caller, letter, webhook.url, await book.keys(name))
    if answer.trouble is not None:
        raise WebhookRefused(f"{name} did not take the ping: {answer.trouble}")


def _run(work: Callable[[Book, ProjectorSettings], Awaitable[T]]) -> T:
    async def run() -> T:
        settings = load_settings()
        place = Place()
        url = settings.database_url.get_secret_value()
        engine = connect(url, place=place, size=1, statement_timeout_ms=_TIMEOUT_MS, only_reads=False)
        try:
            await find_active(engine, place)
            return await work(Book(engine, Record(engine)), settings)
        finally:
            await engine.dispose()

    with told_in_a_line():
        return asyncio.run(run())


def _scope(webhook: Webhook) -> str:
    treaties = f"treaties {' '.join(webhook.treaties)}" if webhook.treaties else "all treaties"
    participants = f"participants {' '.join(webhook.participants)}" if webhook.participants else "all participants"
    return f"{treaties}, {participants}"


def _course(webhook: Webhook) -> str:
    parts = [f"at {webhook.emitted_size}"]
    if webhook.attempts:
        parts.append(f"failed {webhook.attempts} times, {webhook.trouble}, next try {_instant(webhook.due_at)}")
    elif webhook.trouble:
        parts.append(webhook.trouble)
    if webhook.dead:
        parts.append(f"{webhook.dead} dead")
    return "; ".join(parts)


def _facts(webhook: Webhook) -> list[tuple[str, str]]:
    return [
        ("webhook", webhook.webhook),
        ("url", webhook.url),
        ("of", _scope(webhook)),
        ("state", webhook.state),
        ("made at", _instant(webhook.made_at)),
        ("looked through", f"{webhook.emitted_size} entries"),
        ("delivered up to", "nothing yet" if webhook.delivered_size is None else f"{webhook.delivered_size} entries"),
        ("delivered at", _instant(webhook.delivered_at)),
        ("trouble", webhook.trouble or "none"),
        ("failed attempts", str(webhook.attempts)),
        ("next attempt", _instant(webhook.due_at)),
        ("dead letters", str(webhook.dead)),
    ]


def _dead(letter: DeadLetter) -> str:
    covered = f"sizes {letter.from_size} to {letter.to_size}"
    written = f"written {_instant(letter.made_at)}"
    return f"{letter.delivery}  {letter.webhook}  {covered}  {written}  {letter.attempts} attempts, {letter.trouble}"


def _instant(instant: dt.datetime | None) -> str:
    return "never" if instant is None else format_instant(instant)
