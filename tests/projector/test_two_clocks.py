"""Legal days and recorded instants are two clocks, and every answer states both."""

import pytest
from builders import acted, deposited, notified, registered
from register import Register

TREATY = "two-clocks"


@pytest.fixture(scope="module")
def told(register: Register) -> Register:
    """Tell of an accession, a notice, its revocation and a late succession, in that order."""
    register.post(
        registered(),
        deposited("FRA", "2001-01-01"),
        deposited("GMB", "2002-06-28"),
        notified("GMB", "2016-11-10"),
        acted("withdrawal.revoked", "GMB", received_on="2017-02-10"),
        deposited("DMA", "2024-10-22", instrument="succession", states_effective_on="2003-11-03"),
        subject=TREATY,
    )
    return register


def size_after(register: Register, number: int) -> int:
    """Return the size of the log after the module's n-th event."""
    position = register.receipts[number - 1]["position"]
    assert isinstance(position, int)
    return position + 1


@pytest.mark.parametrize(
    ("as_of", "known_after", "expected"),
    [
        ("2001-01-30", 6, set()),
        ("2001-01-31", 6, {"FRA"}),
        ("2002-07-27", 6, {"FRA"}),
        ("2002-07-28", 6, {"FRA", "GMB"}),
        ("2003-11-02", 6, {"FRA", "GMB"}),
        ("2003-11-03", 6, {"FRA", "GMB", "DMA"}),
        ("2003-11-03", 5, {"FRA", "GMB"}),
        ("2017-11-09", 4, {"FRA", "GMB"}),
        ("2017-11-10", 4, {"FRA"}),
        ("2017-11-10", 5, {"FRA", "GMB"}),
        ("2017-11-10", 3, {"FRA", "GMB"}),
    ],
)
def test_each_day_is_answered_as_known_after_each_record(
    told: Register, as_of: str, known_after: int, expected: set[str]
) -> None:
    size = size_after(told, known_after)

    assert told.parties(as_of, treaty=TREATY, more=f"&known_size={size}") == expected


@pytest.mark.parametrize("known_after", [1, 2, 3, 4, 5, 6])
def test_an_instant_and_the_size_it_stands_for_give_the_same_answer(told: Register, known_after: int) -> None:
    size, instant = size_after(told, known_after), told.receipts[known_after - 1]["recorded_at"]
    path = f"/v1/treaties/{TREATY}/members?as_of=2017-11-10&consent=all"

    by_instant, by_size = told.ask(f"{path}&known_at={instant}"), told.ask(f"{path}&known_size={size}")

    assert by_instant == by_size
    assert by_instant["known_size"] == size


def test_an_answer_about_now_states_the_instant_that_gives_it_again(told: Register) -> None:
    path = f"/v1/treaties/{TREATY}/members?as_of=2017-11-10"
    now = told.ask(path)

    again = told.ask(f"{path}&known_at={now['known_at']}")

    assert again == now


def test_before_anything_was_recorded_there_is_no_history(told: Register) -> None:
    answer = told.get(f"/v1/treaties/{TREATY}/members?known_at=2001-01-01T00:00:00Z")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/before-history"


def test_a_treaty_recorded_later_is_before_its_history_not_unknown(told: Register) -> None:
    told.post(registered(), subject="registered-later")
    told.ask("/v1/projection")

    answer = told.get_applied(f"/v1/treaties/registered-later/members?known_size={size_after(told, 2)}")

    assert answer.json()["type"] == "/problems/before-history"


def test_a_plus_sign_in_an_instant_may_come_as_the_space_it_means_in_a_url(told: Register) -> None:
    instant = str(told.receipts[5]["recorded_at"]).replace("Z", "+00:00")

    answer = told.ask(f"/v1/treaties/{TREATY}/members?as_of=2010-01-01&known_at={instant}")

    assert answer["known_size"] == size_after(told, 6)


def test_an_exit_that_was_revoked_later_was_pending_on_the_days_before(told: Register) -> None:
    then = told.ask(f"/v1/pending-exits?treaty={TREATY}&as_of=2017-02-09")["pending_exits"]
    later = told.ask(f"/v1/pending-exits?treaty={TREATY}&as_of=2017-02-10")["pending_exits"]

    assert isinstance(then, list)
    assert [(e["participant"], e["effective_on"], e["days_left"]) for e in then if isinstance(e, dict)] == [
        ("GMB", "2017-11-10", 274)
    ]
    assert later == []
