"""Nothing is sent to addresses that are not public, however they are written, and no name is looked up twice."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import format_datetime

import httpx
import pytest
from projector.receivers import receiving

from treaty_projector.errors import TargetRefused, WebhookRefused
from treaty_projector.webhooks.addresses import parse_networks
from treaty_projector.webhooks.calls import Caller
from treaty_projector.webhooks.guard import Guard, look_up
from treaty_projector.webhooks.schedule import wait_after, wish_in
from treaty_projector.webhooks.targets import read_target

LOOPBACK_SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0177.0.0.01",
    "127.0.0.1.",
    "0",
    "0.0.0.0",  # noqa: S104 - nobody listens here
    "localhost",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "①②⑦.0.0.1",
]
PRIVATE = [
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "233.252.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "fe80::1",
    "fe80::1%1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "100::1",
    "2001::7f00:1",  # Teredo
    "2001:db8::1",
    "3fff::1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "2002:a9fe:a9fe::",
    "::ffff:10.1.2.3",
    "::8.8.8.8",
]
PUBLIC = ["8.8.8.8", "193.0.6.139", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]


def answering(*answers: list[str]) -> tuple[Guard, list[str]]:
    """Return a guard whose name server gives one answer after the other, and the names it was asked for."""
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    return Guard(parse_networks("127.0.0.2/32"), resolve=resolve), asked


def calling(guard: Guard) -> Caller:
    return Caller(guard, timeout_seconds=5, plain_http=True, tls=ssl.create_default_context())


@asynccontextmanager
async def serving(said: bytes) -> AsyncIterator[int]:
    """Answer every request with these bytes, and end the connection."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("host", LOOPBACK_SPELLINGS)
async def test_loopback_is_not_called_in_any_spelling(host: str) -> None:
    guard = Guard((), resolve=look_up)
    with pytest.raises((TargetRefused, WebhookRefused)):
        await guard.check(read_target(f"http://{host}/", plain_http=True).host, 80)


async def test_a_name_that_no_name_server_could_know_is_refused_like_any_other() -> None:
    with pytest.raises(TargetRefused, match="its address is not known"):
        await Guard((), resolve=look_up).check(f"{'a' * 64}.example.org", 443)


@pytest.mark.parametrize("address", PRIVATE)
async def test_what_is_not_public_is_not_called_even_as_one_address_among_public_ones(address: str) -> None:
    guard, _ = answering(["8.8.8.8", address], [address])
    for _attempt in range(2):
        with pytest.raises(TargetRefused, match="is no address of the public internet"):
            await guard.check("example.org", 443)


@pytest.mark.parametrize("address", PUBLIC)
async def test_public_addresses_may_be_called(address: str) -> None:
    guard, _ = answering([address])
    assert await guard.check("example.org", 443) == [address]


async def test_a_name_is_looked_up_once_for_each_call_and_the_checked_address_is_called() -> None:
    with receiving("127.0.0.2") as checked:
        port = httpx.URL(checked.url).port
        guard, asked = answering(["127.0.0.2"], ["127.0.0.1"])
        target = f"http://rebinding.example:{port}/hook"
        async with calling(guard) as caller:
            first = await caller.post(target, b"{}", {})
            second = await caller.post(target, b"{}", {})

    assert first.trouble is None
    assert checked.received[0].headers["host"] == f"rebinding.example:{port}"
    assert second.trouble is not None
    assert "127.0.0.1 is no address of the public internet" in second.trouble
    assert (len(checked.received), asked) == (1, ["rebinding.example"] * 2)


async def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer() -> None:
    with receiving("127.0.0.2") as receiver:
        port = httpx.URL(receiver.url).port

        async def resolve(_host: str, _port: int) -> list[str]:
            return ["127.0.0.3", "127.0.0.2"]

        async with calling(Guard(parse_networks("127.0.0.0/8"), resolve=resolve)) as caller:
            assert (await caller.post(f"http://two.example:{port}/", b"{}", {})).trouble is None


async def test_a_receiver_may_be_named_by_its_ipv6_address() -> None:
    with receiving("::1") as receiver:
        async with calling(Guard(parse_networks("::1"), resolve=look_up)) as caller:
            assert (await caller.post(receiver.url, b"{}", {})).trouble is None

    assert receiver.received[0].headers["host"] == httpx.URL(receiver.url).netloc.decode()
    assert receiver.received[0].headers["host"].startswith("[::1]:")


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving("127.0.0.2") as receiver, receiving("127.0.0.1") as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        async with calling(Guard(parse_networks("127.0.0.2"), resolve=look_up)) as caller:
            assert (await caller.post(receiver.url, b"{}", {})).trouble is None

    assert (len(receiver.received), len(proxy.received)) == (1, 0)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 204\r\n" + b"X: y\r\n" * 50_000,
        b"\x00\xff" * 100,
    ],
)
async def test_a_receiver_that_speaks_no_http_is_one_that_does_not_answer(said: bytes) -> None:
    async with serving(said) as port, calling(Guard(parse_networks("127.0.0.1"), resolve=look_up)) as caller:
        answer = await caller.post(f"http://127.0.0.1:{port}/", b"{}", {})

    assert answer.trouble is not None
    assert answer.trouble.startswith("no answer (")


async def test_of_an_endless_answer_only_the_beginning_is_read() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 8192
    async with serving(endless) as port, calling(Guard(parse_networks("127.0.0.1"), resolve=look_up)) as caller:
        assert (await caller.post(f"http://127.0.0.1:{port}/", b"{}", {})).trouble is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "//example.org/",
        "file:///etc/passwd",
        "http://example.org/",
        "https:///path",
        "https://a@example.org/",
        "https://:b@example.org/",
        "https://example.org#",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://example.org\\@evil.example/",
        "https://example.org/\n",
        "https://[::1/",
        f"https://example.org/{'a' * 2000}",
    ],
)
def test_a_url_that_nothing_is_sent_to_is_refused(url: str) -> None:
    with pytest.raises(WebhookRefused):
        read_target(url, plain_http=False)


async def test_what_a_receiver_asks_for_is_heard() -> None:
    with receiving("127.0.0.2") as receiver:
        receiver.answers = [(503, {"RETRY-AFTER": "120"}), (410, {})]
        async with calling(Guard(parse_networks("127.0.0.2"), resolve=look_up)) as caller:
            busy = await caller.post(receiver.url, b"{}", {})
            gone = await caller.post(receiver.url, b"{}", {})

    assert (busy.trouble, busy.wish, busy.gone) == ("it answered 503", 120, False)
    assert (gone.trouble, gone.wish, gone.gone) == ("it answered 410", None, True)


def test_waits_grow_are_spread_and_follow_the_receiver_up_to_a_day() -> None:
    schedule = (5.0, 300.0)
    assert wait_after(1, schedule, wish=None, chance=0.0) == 5
    assert wait_after(2, schedule, wish=None, chance=1.0) == 360
    assert wait_after(1, schedule, wish=60, chance=0.0) == 60
    assert wait_after(2, schedule, wish=60, chance=0.0) == 300
    assert wait_after(1, schedule, wish=1e9, chance=0.0) == 86_400
    assert wait_after(3, schedule, wish=60, chance=0.0) is None


def test_retry_after_is_read_as_seconds_and_as_a_date_and_nonsense_is_nothing() -> None:
    now = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
    later = format_datetime(now + dt.timedelta(seconds=90), usegmt=True)
    said = ["120", later, format_datetime(now - dt.timedelta(days=1), usegmt=True), "9" * 400, "-5", "soon", "", None]
    assert [wish_in(text, now=now) for text in said] == [120, 90, 0, 999_999_999, None, None, None, None]
