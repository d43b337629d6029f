"""Receive webhooks over real HTTP, as other systems do, and run the commands that make them."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

from database import as_part
from standalone.processes import PATIENCE
from standardwebhooks import Webhook
from typer.testing import CliRunner, Result

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector.cli import app

ON_LOOPBACK = {
    "TREATY_PROJECTOR_WEBHOOK_ALLOW": "127.0.0.0/8",
    "TREATY_PROJECTOR_WEBHOOK_HTTP": "true",
    "TREATY_PROJECTOR_WEBHOOK_TIMEOUT_SECONDS": "20",
    "TREATY_PROJECTOR_POLL_SECONDS": "0.1",
}


@dataclass(frozen=True)
class Received:
    """Hold one request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> JsonObject:
        content: JsonObject = json.loads(self.body)
        return content

    @property
    def data(self) -> JsonObject:
        return cast("JsonObject", self.said["data"])

    @property
    def changes(self) -> list[JsonObject]:
        return cast("list[JsonObject]", self.data["changes"])

    def verified(self, secret: str) -> bool:
        """Tell whether somebody else's library takes it for genuine; it raises when it does not."""
        return bool(Webhook(secret).verify(self.body, dict(self.headers)) == self.said)


@dataclass
class Receiver:
    """Answer what it is told to, 204 unless told otherwise, and keep what arrives."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    """The status and the headers of the next answers, each for one request."""

    always: int = 204
    may_answer: threading.Event = field(default_factory=threading.Event)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, request: Received) -> tuple[int, Mapping[str, str]]:
        with self._arrived:
            self.received.append(request)
            self._arrived.notify_all()
        self.may_answer.wait(PATIENCE)
        return self.answers.pop(0) if self.answers else (self.always, {})

    def wait_for(self, enough: Callable[[list[Received]], bool]) -> list[Received]:
        """Return what has arrived as soon as it is enough."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: enough(self.received), PATIENCE), self.received
            return list(self.received)

    def changes(self, count: int) -> list[JsonObject]:
        """Return the changes that arrived, once there are so many."""
        arrived = self.wait_for(lambda received: sum(len(each.changes) for each in received) >= count)
        return [change for each in arrived for change in each.changes]


@contextmanager
def receiving(host: str = "127.0.0.1", *, certificate: Path | None = None) -> Iterator[Receiver]:
    """Listen on a port of loopback; with a certificate, over TLS."""
    receiver = Receiver()
    receiver.may_answer.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers = receiver.take(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:
                pass  # the sender was killed meanwhile

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's word
            """Keep quiet."""

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        def handle_error(self, request: object, client_address: object) -> None:
            """Keep quiet of senders that end a connection, or do not trust the certificate."""

    server = Server((host, 0), Handler)
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    name = f"[{host}]" if ":" in host else host
    receiver.url = f"http://{name}:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.may_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()


def webhooks(database_url: str, *arguments: str, allow: str = "127.0.0.0/8") -> Result:
    """Run `treaty-projector webhooks …` to its end, in this process: the tests run it often."""
    own = {
        "TREATY_PROJECTOR_DATABASE_URL": as_part(database_url, "projector"),
        "TREATY_PROJECTOR_WEBHOOK_ALLOW": allow,
        "COLUMNS": "300",
    }
    return CliRunner().invoke(app, ["webhooks", *arguments], env={**ON_LOOPBACK, **own})


def make_webhook(database_url: str, url: str, *options: str) -> tuple[str, str]:
    """Make a webhook; return its id and its secret."""
    done = webhooks(database_url, "add", url, *options)
    assert done.exit_code == 0, done.stderr
    name, secret = done.stdout.split()
    return name, secret


def positions(changes: Sequence[JsonObject]) -> list[JSON]:
    """Return at which positions of the log the changes stand."""
    return [change["position"] for change in changes]
