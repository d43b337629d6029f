"""Let a real ledger serve a log, and copy it with `treaty export` and with the proofs that the ledger gives."""

from dataclasses import dataclass
from pathlib import Path

import httpx
from ledger.facts import as_lines, notified, post_lines, registered_treaty
from ledger.logs import signed_beyond
from standalone.commands import treaty

from treaty_contracts.tlog.tiles import WIDTH, bundles_of, read_bundle

SIZE = 301
"""Enough for a full bundle, a partial one and a second level of tiles."""

EARLIER = 6
"""The size of an earlier look."""

PLACES = (0, EARLIER, 255, 256, SIZE - 1)
"""The positions that proofs are asked for."""


@dataclass(frozen=True, slots=True)
class ServedLog:
    """Name the files that a stranger has got from a ledger."""

    folder: Path
    """What `treaty export` wrote."""
    before: Path
    """The checkpoint of an earlier look."""
    growth: Path
    """The ledger's proof that the log has only grown since."""
    size: int = SIZE

    @property
    def vkeys(self) -> Path:
        return self.folder / "vkey"

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint"

    def beside(self, position: int, kind: str) -> Path:
        """Return the file of an `event` as it is shown, of its `entry`, its proof in `json`, or its `tlog-proof`."""
        return self.folder.parent / f"{position}.{kind}"


async def published(client: httpx.AsyncClient, where: Path) -> ServedLog:
    """Record events, ask for proofs, and export the log."""
    treaty_id = await registered_treaty(client)
    await post_lines(client, as_lines(notified(treaty_id) for _ in range(EARLIER - 1)))
    assert (await signed_beyond(client, EARLIER - 1)).size == EARLIER
    log = ServedLog(where / "export", where / "before", where / "growth.json")
    log.before.write_bytes(await _got(client, "/log/checkpoint"))
    await post_lines(client, as_lines(notified(treaty_id) for _ in range(log.size - EARLIER)))
    assert (await signed_beyond(client, log.size - 1)).size == log.size
    exported = treaty("export", str(log.folder), env={"TREATY_LEDGER_URL": str(client.base_url)})
    assert exported.returncode == 0, exported.stderr
    log.growth.write_bytes(await _got(client, f"/v1/log/consistency?from={EARLIER}&to={log.size}"))
    bundles = [read_bundle((log.folder / "tile" / bundle.path).read_bytes()) for bundle in bundles_of(log.size)]
    for position in PLACES:
        event = f"/v1/events/{position}"
        proof = f"{event}/proof?size={log.size}"
        log.beside(position, "event").write_bytes(await _got(client, event))
        log.beside(position, "json").write_bytes(await _got(client, proof))
        log.beside(position, "tlog-proof").write_bytes(await _got(client, proof, accept="text/plain"))
        log.beside(position, "entry").write_bytes(bundles[position // WIDTH][position % WIDTH])
    return log


async def _got(client: httpx.AsyncClient, path: str, *, accept: str = "*/*") -> bytes:
    answer = await client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return answer.content
