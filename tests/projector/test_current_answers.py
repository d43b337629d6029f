"""What is answered from memory is what the read model says now, and no answer mixes two states of the record."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import cycle

import asyncpg
import httpx
import pytest
from builders import SIMPLE_CLAUSES, deposited, notified, registered
from register import Register, event

from treaty_contracts.canonical import JSON

CODES = ("AUT", "BEL", "CHE", "DEU", "DNK", "ESP", "FIN", "FRA", "GBR", "GRC", "IRL", "ITA", "LUX", "NLD", "NOR", "PRT")


def members(register: Register, treaty: str) -> dict[str, JSON]:
    """Ask twice: the second time the answer is at hand."""
    register.ask(f"/v1/treaties/{treaty}/members")
    return register.ask(f"/v1/treaties/{treaty}/members")


def test_an_answer_from_memory_is_the_one_that_stated_clocks_give(register: Register) -> None:
    register.post(registered(), deposited("AUT", "2001-01-01"), notified("AUT", "2999-01-01"), subject="at-hand")
    members(register, "at-hand")
    at_hand = register.get("/v1/treaties/at-hand/members")
    clocks = f"as_of={datetime.now(UTC).date()}&known_size={at_hand.json()['known_size']}"

    stated = register.get(f"/v1/treaties/at-hand/members?{clocks}")

    assert stated.content == at_hand.content
    assert stated.headers["etag"] == at_hand.headers["etag"]


def test_an_entry_about_another_treaty_moves_the_size_and_nothing_else(register: Register) -> None:
    register.post(registered(), deposited("AUT", "2001-01-01"), subject="calm")
    before = members(register, "calm")
    register.post(registered(), subject="noisy")
    after = members(register, "calm")

    assert after["known_size"] == register.size
    assert after["known_at"] == register.receipts[-1]["recorded_at"]
    assert {**after, "known_size": 0, "known_at": ""} == {**before, "known_size": 0, "known_at": ""}


def test_a_fact_about_the_treaty_is_in_the_next_answer(register: Register) -> None:
    register.post(registered(), deposited("AUT", "2001-01-01"), subject="growing")
    members(register, "growing")
    register.post(deposited("BEL", "2001-01-01"), subject="growing")

    counts = members(register, "growing")["counts"]

    assert isinstance(counts, dict)
    assert counts["party"] == 2


def test_an_exit_from_the_framework_is_in_the_next_answer_about_what_falls_with_it(register: Register) -> None:
    falling: dict[str, JSON] = {**SIMPLE_CLAUSES, "falls_with": ["the-framework"]}
    for treaty, clauses in (("the-framework", SIMPLE_CLAUSES), ("the-protocol", falling), ("the-annex", falling)):
        register.post(registered(clauses), deposited("USA", "2001-01-01"), subject=treaty)
    members(register, "the-protocol")
    register.post(notified("USA", "2010-01-01"), subject="the-framework")

    counts = members(register, "the-protocol")["counts"]

    assert isinstance(counts, dict)
    assert (counts["party"], counts["former"]) == (0, 1)


def test_a_new_name_is_in_the_next_answer(register: Register) -> None:
    names: list[JSON] = [{"name": "The Old Name"}]
    who: dict[str, JSON] = {"code": "XNEW", "kind": "organisation", "names": names}
    register.post(("participant.registered", who), subject="participants")
    register.post(registered(), deposited("XNEW", "2001-01-01"), subject="named")
    listed = members(register, "named")["members"]
    assert isinstance(listed, list)
    assert [one["name"] for one in listed if isinstance(one, dict)] == ["The Old Name"]
    replaced: dict[str, JSON] = {
        "position": register.receipts[-3]["position"],
        "reason": "the name was mistaken",
        "replacement": {"type": "participant.registered", "data": {**who, "names": [{"name": "The New Name"}]}},
    }
    register.post(("record.superseded", replaced), subject="participants")

    listed = members(register, "named")["members"]

    assert isinstance(listed, list)
    assert [one["name"] for one in listed if isinstance(one, dict)] == ["The New Name"]


@pytest.mark.parametrize("query", ["", "?limit=3", "?consent=all"])
async def test_answers_amid_appends_never_mix_two_sizes(register: Register, query: str) -> None:
    treaty = f"amid-{len(query)}"
    register.post(registered(), subject=treaty)
    register.ask("/v1/treaties")
    path, joined, known_at = f"/v1/treaties/{treaty}/members{query}", list[int](), dict[int, JSON]()
    known_at[register.size] = register.receipts[-1]["recorded_at"]
    done = asyncio.Event()

    async def append(client: httpx.AsyncClient) -> None:
        for code, subject in zip(CODES, cycle((treaty, f"other-{len(query)}")), strict=False):
            fact = deposited(code, "2001-01-01") if subject == treaty else registered()
            subject_of_its_own = subject if subject == treaty else f"{subject}-{code.lower()}"
            posted = await client.post(f"{register.ledger}/v1/events", json=event(*fact, subject=subject_of_its_own))
            receipt = posted.json()
            known_at[receipt["position"] + 1] = receipt["recorded_at"]
            if subject == treaty:
                joined.append(receipt["position"])
        last = max(known_at)
        wanted = f"{register.projector}{path}{'&' if query else '?'}min_size={last}"
        while (await client.get(wanted)).status_code == 503:
            pass  # it waits two seconds itself
        done.set()

    async def ask(client: httpx.AsyncClient) -> list[httpx.Response]:
        answers = []
        while not done.is_set():
            answers.append(await client.get(register.projector + path))
        return [*answers, await client.get(register.projector + path)]

    async with httpx.AsyncClient(timeout=30) as client:
        *asked, _ = await asyncio.gather(*(ask(client) for _ in range(4)), append(client))

    register.size = max(known_at)
    tags: dict[str, bytes] = {}
    for answers in asked:
        assert isinstance(answers, list)
        sizes = [answer.json()["known_size"] for answer in answers]
        assert sizes == sorted(sizes)
        assert sizes[-1] == register.size
        for answer in answers:
            _check(answer, joined, known_at, limit=3 if "limit" in query else 500)
            assert tags.setdefault(answer.headers["etag"], answer.content) == answer.content
    assert len(set(tags.values())) == len(tags)


def _check(answer: httpx.Response, joined: Sequence[int], known_at: dict[int, JSON], *, limit: int) -> None:
    content = answer.json()
    size = content["known_size"]
    parties = sum(position < size for position in joined)
    assert content["counts"]["party"] == parties
    assert len(content["members"]) == min(parties, limit)
    assert content["known_at"] == known_at[size]
    assert answer.headers["treaty-log-size"] == str(size)
    assert (content["next"] is not None) == (parties > limit) == ("link" in answer.headers)


async def test_what_is_at_hand_is_not_told_for_long_without_the_database(
    register: Register, postgres: str, module_database_url: str
) -> None:
    register.post(registered(), deposited("AUT", "2001-01-01"), subject="cut-off")
    members(register, "cut-off")
    name = module_database_url.rpartition("/")[2].partition("?")[0]
    superuser = await asyncpg.connect(postgres)
    try:
        await superuser.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        await superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        while (answer := register.get("/v1/treaties/cut-off/members")).status_code == 200:
            pass  # it is true of the last second or two

        assert answer.json()["type"] == "/problems/unavailable"
        assert answer.headers["retry-after"] == "1"
    finally:
        await superuser.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        await superuser.close()
    while register.get("/v1/treaties/cut-off/members").status_code != 200:
        pass
