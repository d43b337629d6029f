"""The receiver on the page does what the page says."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from database import ROOT, free_port
from projector.receivers import make_webhook, webhooks
from standalone.processes import wait_until


@contextmanager
def receiver_of_the_page(port: int, secret: str, output: Path) -> Iterator[None]:
    page = (ROOT / "docs/operations/webhooks.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    env = {**os.environ, "WEBHOOK_SECRET": secret, "PORT": str(port)}
    with output.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", program], env=env, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def test_the_receiver_of_the_page_takes_what_is_signed_and_nothing_else(database_url: str, tmp_path: Path) -> None:
    port, output = free_port(), tmp_path / "receiver.log"
    url = f"http://127.0.0.1:{port}/"
    name, secret = make_webhook(database_url, url)
    with receiver_of_the_page(port, secret, output):
        wait_until(lambda: webhooks(database_url, "test", name).exit_code == 0)
        assert f"treaty.webhook.ping {{'webhook': '{name}'}}" in output.read_text()
        try:
            forged = httpx.post(url, content=b"{}", headers={"webhook-id": "msg_1"}).status_code
        except httpx.HTTPError:
            forged = None
        assert forged != 204
