"""Read and verify the signed log as a stranger would: over HTTP, with nothing but the published formats."""

from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
from database import RunningService

from treaty_contracts.canonical import JsonObject
from treaty_contracts.tlog.checkpoints import Checkpoint, parse_checkpoint
from treaty_contracts.tlog.frontier import Frontier, grow
from treaty_contracts.tlog.notes import Verifier, open_note, parse_vkey
from treaty_contracts.tlog.tiles import HASH_BYTES, Tile, bundles_of, read_bundle


async def vkeys(client: httpx.AsyncClient) -> list[Verifier]:
    """Return the keys the log names, the newest first."""
    answer = await client.get("/log/vkey")
    assert answer.status_code == 200, answer.text
    return [parse_vkey(line) for line in answer.text.splitlines()]


async def checkpoint(client: httpx.AsyncClient) -> Checkpoint:
    """Return the newest checkpoint, its signature checked."""
    answer = await client.get("/log/checkpoint")
    assert answer.status_code == 200, answer.text
    text, _ = open_note(answer.text, await vkeys(client))
    return parse_checkpoint(text)


async def signed_beyond(client: httpx.AsyncClient, position: int) -> Checkpoint:
    """Return a checkpoint that covers a position: asking for a proof waits for one."""
    answer = await client.get(f"/v1/events/{position}/proof")
    assert answer.status_code == 200, answer.text
    return await checkpoint(client)


async def tile(client: httpx.AsyncClient, wanted: Tile) -> bytes:
    """Return what a tile or a bundle holds."""
    answer = await client.get(f"/log/tile/{wanted.path}")
    assert answer.status_code == 200, answer.text
    return answer.content


async def entries(client: httpx.AsyncClient, size: int) -> list[bytes]:
    """Return the first entries of the log."""
    return [entry for bundle in bundles_of(size) for entry in read_bundle(await tile(client, bundle))]


def root_of(leaf_hashes: list[bytes]) -> bytes:
    """Return the root over leaves, given by their hashes."""
    return grow(Frontier(), leaf_hashes)[0].root()


def split(tile_: bytes) -> list[bytes]:
    """Return the hashes of a tile."""
    return [tile_[place : place + HASH_BYTES] for place in range(0, len(tile_), HASH_BYTES)]


def hashes(answer: JsonObject) -> list[bytes]:
    """Return the hashes of a proof."""
    told = answer["hashes"]
    assert isinstance(told, list)
    return [b64decode(str(hash_), validate=True) for hash_ in told]


@asynccontextmanager
async def connected(service: RunningService) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=service.base_url, timeout=60) as client:
        yield client


async def forged(database_url: str, statement: str, *arguments: object) -> None:
    """Change what is stored as only a superuser can: without triggers."""
    connection = await asyncpg.connect(database_url)
    try:
        for table in ("events", "subtrees", "checkpoints"):
            await connection.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER ALL")
        await connection.execute("SET search_path = ledger")
        await connection.execute(statement, *arguments)
    finally:
        await connection.close()
