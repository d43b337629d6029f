"""Check in which order acts of one day are taken, here and in treaties with which this one falls."""

from collections.abc import Sequence

from builders import (
    SIMPLE_CLAUSES,
    Event,
    acted,
    ceased,
    completed,
    deposited,
    fact,
    folded,
    leaving,
    notified,
    registered,
    signed,
)
from law.reading import exits, parties, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.cascade import carry
from treaty_projector.law.fold import Folding, fold
from treaty_projector.law.state import TreatyState

JOINED = deposited("USA", "2001-01-01")
FALLING = registered({**SIMPLE_CLAUSES, "falls_with": ["parent"]})


def child(*parent: Event, acts: Sequence[Event] = (JOINED,)) -> TreatyState:
    """Return the state of a treaty that falls with another, in which all this happened."""
    foldings = {treaty: Folding(treaty, successions={}) for treaty in ("parent", "child")}
    told = [*(("parent", event) for event in (registered(), JOINED, *parent)), ("child", FALLING)]
    told += [("child", event) for event in acts]
    for position, (treaty, (type_, data)) in enumerate(told):
        foldings[treaty].step(fact(type_, position, data))
    carry(foldings, foldings)
    return foldings["child"].state


def test_who_is_put_out_of_one_treaty_may_join_the_one_that_falls_with_it_on_that_day() -> None:
    state = child(ceased("USA", "2010-03-16"), acts=[deposited("USA", "2010-03-16")])

    assert parties(state, on="2012-01-01") == {"USA"}
    assert exits(state, "USA") == []


def test_who_is_put_out_of_both_treaties_on_the_day_of_a_notice_to_one_has_one_exit_from_the_other() -> None:
    state = child(notified("USA", "2010-03-16"), acts=[JOINED, ceased("USA", "2010-03-16")])

    assert exits(state, "USA") == [("effective", "2010-03-16")]


def test_two_notices_of_one_day_to_one_treaty_are_two_exits_from_the_other() -> None:
    later = notified("USA", "2010-03-16", states_effective_on="2012-01-01")

    assert exits(child(notified("USA", "2010-03-16"), later), "USA") == [
        ("effective", "2011-03-16"),
        ("superseded", "2012-01-01"),
    ]


def test_an_exit_that_the_depositary_puts_on_the_day_of_a_new_deposit_ends_that_day() -> None:
    state = folded(
        registered(),
        JOINED,
        notified("USA", "2010-01-01"),
        deposited("USA", "2011-02-01"),
        completed("USA", "2011-02-01", asserted_by="depositary"),
    )

    assert exits(state, "USA") == [("effective", "2011-02-01")]
    assert spells(state, "USA")[1:] == [
        ("party", "2001-01-31", "2011-02-01"),
        ("contracting", "2011-02-01", "2011-03-03"),
        ("party", "2011-03-03", None),
    ]


def test_of_two_deposits_of_one_day_the_same_binds_whatever_was_recorded_first() -> None:
    deposits = [deposited("USA", "2001-01-01", instrument=how) for how in ("ratification", "acceptance")]
    orders = [[registered(), *deposits], [registered(), *reversed(deposits)]]

    found = [fold("test", [fact(t, n, d) for n, (t, d) in enumerate(order)], successions={}) for order in orders]

    assert [{spell.mode for spell in state.standings["USA"].spells} for state in found] == [{"acceptance"}] * 2


def test_a_definitive_signature_is_how_its_spells_began() -> None:
    for signed_on, approximate in [("2001-01-01", False), ("2001-01", True)]:
        state = folded(registered(), signed("USA", signed_on, definitive=True))
        told = [(spell.mode, spell.approximate) for spell in state.standings["USA"].spells]
        assert told == [("definitive_signature", approximate)] * 2


def test_an_exit_in_part_without_a_day_stays_open() -> None:
    silent: dict[str, JSON] = {**leaving(), "withdrawal": {"article": "none"}}
    state = folded(registered(silent), JOINED, notified("USA", "2010-01-01", scope="Part II"))

    assert exits(state, "USA") == [("notified", None)]


def test_of_two_extensions_of_one_day_the_same_counts_whatever_was_recorded_first() -> None:
    negotiated = registered(leaving({"rule": "negotiated", "long_stop": "P2Y"}))
    extensions = [
        acted("withdrawal.extended", "USA", decided_on="2011-06-01", effective_on=day)
        for day in ("2012-10-01", "2013-01-01")
    ]
    notice = notified("USA", "2010-01-01")

    one = folded(negotiated, JOINED, notice, *extensions)
    other = folded(negotiated, JOINED, notice, *reversed(extensions))

    assert exits(one, "USA") == exits(other, "USA") == [("effective", "2013-01-01")]
