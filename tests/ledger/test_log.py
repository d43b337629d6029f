"""The log is signed, and anybody can check it (C2SP tlog-tiles)."""

import json
from base64 import b64decode
from itertools import pairwise

import httpx
import pytest
from ledger.facts import as_lines, log_size, notified, post, post_lines, problem, registered_treaty
from ledger.logs import checkpoint, entries, hashes, root_of, signed_beyond, split, tile, vkeys

from treaty_contracts.canonical import canonical_bytes
from treaty_contracts.merkle import EMPTY_ROOT, leaf_hash
from treaty_contracts.tlog.checkpoints import parse_checkpoint, parse_proof
from treaty_contracts.tlog.notes import open_note
from treaty_contracts.tlog.proofs import check_consistency, root_by_inclusion
from treaty_contracts.tlog.tiles import Tile, tiles_of


async def recorded(client: httpx.AsyncClient, count: int) -> list[int]:
    """Record events; return their positions."""
    treaty = await registered_treaty(client, "proved")
    answers = await post_lines(client, as_lines(notified(treaty) for _ in range(count)))
    positions = [answer["position"] for answer in answers]
    return [position for position in positions if isinstance(position, int)]


async def test_what_is_recorded_is_signed_over(client: httpx.AsyncClient) -> None:
    (position,) = await recorded(client, 1)
    signed = await signed_beyond(client, position)
    assert signed.size > position
    assert signed.origin == (await vkeys(client))[0].name


async def test_the_log_without_events_is_signed_too(client: httpx.AsyncClient) -> None:
    await recorded(client, 1)
    answer = await client.get("/v1/log/consistency", params={"from": 0, "to": 1})
    assert answer.json() == {"hashes": []}
    assert root_of([]) == EMPTY_ROOT


async def test_a_bundle_holds_the_event_with_its_time_and_its_recorder(client: httpx.AsyncClient) -> None:
    (position,) = await recorded(client, 1)
    signed = await signed_beyond(client, position)
    event = (await client.get(f"/v1/events/{position}")).json()
    entry = (await entries(client, signed.size))[position]
    leaf = {"v": 1, "event": event["event"], "recorded_at": event["recorded_at"], "recorded_by": event["recorded_by"]}
    assert entry == canonical_bytes(leaf)
    assert b64decode(event["leaf_hash"]) == leaf_hash(entry)


async def test_the_whole_log_replays_to_the_root_that_was_signed(client: httpx.AsyncClient) -> None:
    positions = await recorded(client, 600)
    signed = await signed_beyond(client, positions[-1])
    leaves = [leaf_hash(entry) for entry in await entries(client, signed.size)]
    assert root_of(leaves) == signed.root
    for wanted in tiles_of(signed.size):
        assert wanted.level is not None
        width = 256**wanted.level
        told = split(await tile(client, wanted))
        assert told == [
            root_of(leaves[place * width : (place + 1) * width])
            for place in range(wanted.first, wanted.first + wanted.width)
        ]


async def test_an_inclusion_proof_leads_to_the_signed_root(client: httpx.AsyncClient) -> None:
    positions = await recorded(client, 3)
    for position in (*positions, 0):
        proof = (await client.get(f"/v1/events/{position}/proof")).json()
        assert proof["index"] == position
        root = root_by_inclusion(b64decode(proof["leaf_hash"]), position, proof["size"], hashes(proof))
        assert root == b64decode(proof["root"])
    signed = await checkpoint(client)
    proof = (await client.get("/v1/events/0/proof", params={"size": signed.size})).json()
    assert b64decode(proof["root"]) == signed.root


async def test_a_proof_may_lead_to_an_earlier_size(client: httpx.AsyncClient) -> None:
    positions = await recorded(client, 40)
    whole = [leaf_hash(entry) for entry in await entries(client, (await signed_beyond(client, positions[-1])).size)]
    for size in (positions[0] + 1, positions[7] + 1, positions[-1]):
        proof = (await client.get(f"/v1/events/{positions[0]}/proof", params={"size": size})).json()
        assert proof["size"] == size
        assert b64decode(proof["root"]) == root_of(whole[:size])
        assert root_by_inclusion(whole[positions[0]], positions[0], size, hashes(proof)) == root_of(whole[:size])


async def test_a_portable_proof_is_checked_without_the_log(client: httpx.AsyncClient) -> None:
    positions = await recorded(client, 2)
    answer = await client.get(f"/v1/events/{positions[0]}/proof", headers={"Accept": "text/plain"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    entry = (await entries(client, positions[0] + 1))[positions[0]]
    proof = parse_proof(answer.text)
    text, _ = open_note(proof.note, await vkeys(client))
    signed = parse_checkpoint(text)
    assert root_by_inclusion(leaf_hash(entry), proof.index, signed.size, proof.hashes) == signed.root


async def test_one_size_of_the_log_is_proved_to_extend_another(client: httpx.AsyncClient) -> None:
    seen = []
    for _ in range(4):
        (position,) = await recorded(client, 1)
        seen.append(await signed_beyond(client, position))
    for old, new in pairwise(seen):
        answer = await client.get("/v1/log/consistency", params={"from": old.size, "to": new.size})
        check_consistency(old.size, old.root, new.size, new.root, hashes(answer.json()))


async def test_a_partial_tile_stays_for_every_size(client: httpx.AsyncClient) -> None:
    positions = await recorded(client, 5)
    await signed_beyond(client, positions[-1])
    number, width = divmod(positions[-1] + 1, 256)
    if width == 0:
        number, width = number - 1, 256
    whole = await tile(client, Tile(0, number, width))
    for narrower in range(1, width):
        assert await tile(client, Tile(0, number, narrower)) == whole[: 32 * narrower]


async def test_tiles_may_be_kept_for_ever_and_checkpoints_for_a_moment(client: httpx.AsyncClient) -> None:
    positions = await recorded(client, 1)
    await signed_beyond(client, positions[-1])
    for path in ("0/000.p/1", "entries/000.p/1"):
        answer = await client.get(f"/log/tile/{path}")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "application/octet-stream"
    answer = await client.get("/log/checkpoint")
    assert answer.headers["cache-control"] == "public, max-age=1"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["0/999", "0/x999/999.p/3", "63/000", "64/000", "entries/x999/000", "0/00", "0/000.p/0", "0/000.p/256", "a"]
)
async def test_a_tile_there_is_not_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"/log/tile/{path}")
    assert (answer.status_code, problem(answer)) == (404, "not-found")


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/v1/events/9007199254740991/proof", 404, "not-found"),
        ("/v1/events/-1/proof", 404, "not-found"),
        ("/v1/events/99999999999999999999/proof", 404, "not-found"),
        ("/v1/events/x/proof", 400, "malformed-parameter"),
        ("/v1/events/1/proof?size=0", 400, "malformed-parameter"),
        ("/v1/events/1/proof?size=1", 400, "malformed-parameter"),
        ("/v1/events/1/proof?size=9007199254740991", 400, "malformed-parameter"),
        ("/v1/events/1/proof?length=3", 400, "malformed-parameter"),
        ("/v1/log/consistency", 400, "malformed-parameter"),
        ("/v1/log/consistency?from=2&to=1", 400, "malformed-parameter"),
        ("/v1/log/consistency?from=1&to=9007199254740991", 400, "malformed-parameter"),
        ("/v1/log/consistency?from=9007199254740991", 400, "malformed-parameter"),
        ("/log/checkpoint?size=1", 400, "malformed-parameter"),
    ],
)
async def test_what_cannot_be_proved_is_said(client: httpx.AsyncClient, path: str, status: int, name: str) -> None:
    await recorded(client, 1)
    answer = await client.get(path)
    assert (answer.status_code, problem(answer)) == (status, name)


async def test_every_process_publishes_what_one_signs(
    client: httpx.AsyncClient, second_client: httpx.AsyncClient
) -> None:
    for poster, other in ((client, second_client), (second_client, client)):
        treaty = await registered_treaty(poster)
        position = json.loads((await post(poster, notified(treaty))).text)["position"]
        signed = [await signed_beyond(each, position) for each in (poster, other)]
        assert all(each.size > position for each in signed)
    assert (await vkeys(client)) == (await vkeys(second_client))
    assert await log_size(client) == (await signed_beyond(client, await log_size(client) - 1)).size
