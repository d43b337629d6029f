"""A projector follows a ledger whose reads are not public, with a key."""

from pathlib import Path

import httpx
from database import running_ledger
from ledger.guarded import bearer, make_key
from register import event, running_projector
from standalone.processes import wait_until

from treaty_contracts.canonical import JsonObject

PRIVATE = {"TREATY_LEDGER_PUBLIC_READS": "false"}
DATA: JsonObject = {"title": "A treaty", "kind": "multilateral", "clauses": {}}


async def test_a_projector_with_a_key_follows_and_one_without_says_why_not(database_url: str, tmp_path: Path) -> None:
    writer = bearer(await make_key(database_url, "writer", "events:append"))
    key = {"TREATY_PROJECTOR_LEDGER_KEY": await make_key(database_url, "projector", "events:read")}
    with running_ledger(database_url, log=tmp_path / "ledger.log", env=PRIVATE) as ledger:
        async with httpx.AsyncClient() as client:
            fact = event("treaty.registered", DATA)
            posted = await client.post(f"{ledger.base_url}/v1/events", json=fact, headers=writer)
            assert posted.status_code == 201
        with running_projector(database_url, ledger.base_url, log=tmp_path / "without.log") as without:
            wait_until(lambda: "401" in str(projection(without.base_url)["trouble"]))
        with running_projector(database_url, ledger.base_url, log=tmp_path / "with.log", env=key) as with_key:
            wait_until(lambda: projection(with_key.base_url)["size"] == 1)


def projection(base_url: str) -> dict[str, object]:
    answer: dict[str, object] = httpx.get(f"{base_url}/v1/projection").json()
    return answer
