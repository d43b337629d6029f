"""Projectors behind a cache prove what they serve as well, and leave the ledger alone."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from database import fresh_database
from projector.published import cursor_of, facts, follow, projection
from register import running_register

from treaty_projector.bitemporal.versions import digest_of


class Cache(ThreadingHTTPServer):
    """Keep whatever may be kept for ever, as any shared cache does, and count what is asked of the origin."""

    def __init__(self, origin: str) -> None:
        self.origin = httpx.Client(base_url=origin, timeout=30)
        self.kept: dict[str, httpx.Response] = {}
        self.asked: Counter[str] = Counter()
        super().__init__(("127.0.0.1", 0), _Handler)

    def answer(self, path: str) -> httpx.Response:
        """Return what is kept, or what the origin answers."""
        if path in self.kept:
            return self.kept[path]
        self.asked[path] += 1
        found = self.origin.get(path)
        if found.status_code == 200 and "immutable" in found.headers.get("cache-control", ""):
            self.kept[path] = found
        return found


class _Handler(BaseHTTPRequestHandler):
    server: Cache

    def do_GET(self) -> None:
        found = self.server.answer(self.path)
        self.send_response(found.status_code)
        self.send_header("Content-Length", str(len(found.content)))
        self.end_headers()
        self.wfile.write(found.content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def cached(origin: str) -> Iterator[Cache]:
    with Cache(origin) as cache:
        thread = threading.Thread(target=cache.serve_forever)
        thread.start()
        try:
            yield cache
        finally:
            cache.shutdown()
            thread.join()
            cache.origin.close()


async def test_many_projectors_ask_the_ledger_for_each_part_once(
    database_url: str, postgres: str, template: str, tmp_path: Path
) -> None:
    with running_register(database_url, tmp_path) as register:
        register.post_lines(facts(600))
        live = projection(register.projector, size=600)
        digests = set()
        with cached(register.ledger) as cache:
            url = f"http://127.0.0.1:{cache.server_port}"
            for _ in range(3):
                async with fresh_database(postgres, template=template) as other:
                    assert await follow(other, url) == 600
                    digests.add(digest_of((await cursor_of(other)).digest_sum))
        parts = {path: times for path, times in cache.asked.items() if "/tile/" in path}
    assert digests == {live["digest"]}
    assert {"/log/tile/entries/000", "/log/tile/entries/001", "/log/tile/entries/002.p/88"} <= parts.keys()
    assert set(parts.values()) == {1}
