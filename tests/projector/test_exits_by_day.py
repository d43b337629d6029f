"""Pending exits are listed by the day of their effect, page by page, whoever and whatever they are asked for."""

import pytest
from builders import acted, deposited, leaving, notified, registered
from register import Register

from treaty_contracts.canonical import JSON

AS_OF = "2015-06-01"
LEAVING = {"DNK": "2015-03-01", "CHE": "2015-02-01", "BEL": "2014-12-24", "AUT": "2015-02-01"}
SIGNALS = {"FIN": "2013-05-01", "FRA": "2012-05-01"}


@pytest.fixture(scope="module")
def told(register: Register) -> Register:
    """Tell of two treaties that some are leaving and one may leave, and of a notice that an armed conflict holds."""
    for treaty in ("exits-b", "exits-a"):
        register.post(
            registered(title=f"Treaty {treaty}"),
            *(deposited(code, "2001-01-01") for code in (*LEAVING, *SIGNALS)),
            *(notified(code, day) for code, day in LEAVING.items()),
            *(acted("withdrawal.announced", code, announced_on=day) for code, day in SIGNALS.items()),
            subject=treaty,
        )
    register.post(
        registered(leaving(deferred_by_armed_conflict=True)),
        deposited("NOR", "2001-01-01"),
        acted("armed_conflict.began", "NOR", on="2014-01-01"),
        notified("NOR", "2014-02-01"),
        subject="exits-held",
    )
    return register


def listed(register: Register, query: str) -> list[tuple[JSON, JSON, JSON]]:
    answer = register.ask(f"/v1/pending-exits?as_of={AS_OF}{query}")["pending_exits"]
    assert isinstance(answer, list)
    return [(one["effective_on"], one["treaty"], one["participant"]) for one in answer if isinstance(one, dict)]


ALL = [
    ("2015-12-24", "exits-a", "BEL"),
    ("2015-12-24", "exits-b", "BEL"),
    ("2016-02-01", "exits-a", "AUT"),
    ("2016-02-01", "exits-a", "CHE"),
    ("2016-02-01", "exits-b", "AUT"),
    ("2016-02-01", "exits-b", "CHE"),
    ("2016-03-01", "exits-a", "DNK"),
    ("2016-03-01", "exits-b", "DNK"),
    (None, "exits-held", "NOR"),
]


def test_exits_over_everything_come_by_day_and_those_without_a_day_last(told: Register) -> None:
    assert listed(told, "") == ALL


@pytest.mark.parametrize("limit", [1, 2, 4, 8, 9])
@pytest.mark.parametrize("query", ["", "&participant=CHE", "&treaty=exits-a", "&stage=signals"])
def test_pages_put_together_are_the_whole_list(told: Register, query: str, limit: int) -> None:
    path, found = f"/v1/pending-exits?as_of={AS_OF}{query}", list[JSON]()
    whole = told.ask(f"{path}&limit=500")["pending_exits"]
    answer = told.get(f"{path}&limit={limit}")
    while True:
        page = answer.json()["pending_exits"]
        assert len(page) <= limit
        found += page
        if answer.json()["next"] is None:
            break
        answer = told.get(answer.links["next"]["url"])

    assert found == whole


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("&participant=CHE", [ALL[3], ALL[5]]),
        ("&treaty=exits-a", [one for one in ALL if one[1] == "exits-a"]),
        ("&treaty=exits-a&participant=DNK", [ALL[6]]),
        ("&before=2016-02-01", ALL[:2]),
        ("&before=2016-02-02", ALL[:6]),
        ("&stage=held", ALL[-1:]),
        ("&stage=notified", ALL[:-1]),
        ("&participant=NOR&stage=notified", []),
    ],
)
def test_a_filter_leaves_out_the_others_and_keeps_the_order(
    told: Register, query: str, expected: list[tuple[JSON, JSON, JSON]]
) -> None:
    assert listed(told, query) == expected


def test_signals_come_by_the_day_they_began(told: Register) -> None:
    answer = told.ask(f"/v1/pending-exits?as_of={AS_OF}&stage=signals")["pending_exits"]

    assert isinstance(answer, list)
    assert [(one["since"], one["treaty"], one["participant"]) for one in answer if isinstance(one, dict)] == [
        ("2012-05-01", "exits-a", "FRA"),
        ("2012-05-01", "exits-b", "FRA"),
        ("2013-05-01", "exits-a", "FIN"),
        ("2013-05-01", "exits-b", "FIN"),
    ]


def test_where_a_participant_stands_is_paged_by_treaty(told: Register) -> None:
    first = told.ask("/v1/participants/CHE/treaties?as_of=2020-01-01&limit=1&consent=former")
    second = told.get(f"/v1/participants/CHE/treaties?limit=1&consent=former&cursor={first['next']}").json()

    assert isinstance(first["treaties"], list)
    found = [*first["treaties"], *second["treaties"]]
    assert [one["treaty"] for one in found if isinstance(one, dict)] == ["exits-a", "exits-b"]
    assert second["next"] is None
    assert told.ask("/v1/participants/CHE/treaties?as_of=2020-01-01&consent=party")["treaties"] == []
