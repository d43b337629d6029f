"""An exit from one treaty is an exit from those that fall with it, whatever is recorded first (UNFCCC 25(3))."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

import pytest
from builders import SIMPLE_CLAUSES, acted, deposited, fact, notified, registered
from hypothesis import given
from hypothesis import strategies as st
from law.reading import exits, parties, pending, spells

from treaty_contracts.canonical import JSON
from treaty_projector.errors import CannotFold
from treaty_projector.law.cascade import carry
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import Causes, Fact, TreatyState

Event = tuple[str, Mapping[str, JSON]]

FRAMEWORK: Sequence[Event] = (registered(), deposited("USA", "2001-01-01"), deposited("FRA", "2001-01-01"))


def falling_with(*parents: str, **more: JSON) -> Event:
    return registered({**SIMPLE_CLAUSES, "falls_with": list(parents), **more})


def protocol(*parents: str) -> Sequence[Event]:
    return (falling_with(*parents), deposited("USA", "2003-01-01"), deposited("FRA", "2003-01-01"))


def told(**treaties: Iterable[Event]) -> dict[str, list[Fact]]:
    numbers = count()
    return {treaty: [fact(type_, next(numbers), data) for type_, data in events] for treaty, events in treaties.items()}


def states(facts: Mapping[str, list[Fact]], *, order: Sequence[int] | None = None) -> dict[str, TreatyState]:
    """Fold fact by fact, carrying exits after each, in the order of positions or in another."""
    foldings = {treaty: Folding(treaty, successions={}) for treaty in facts}
    recorded = sorted(
        ((treaty, one) for treaty, group in facts.items() for one in group), key=lambda pair: pair[1].position
    )
    for index in order if order is not None else range(len(recorded)):
        treaty, one = recorded[index]
        foldings[treaty].step(one)
        carry(foldings, [treaty])
    return {treaty: folding.state for treaty, folding in foldings.items()}


def test_a_notice_to_the_framework_is_pending_for_the_protocol_until_the_same_day() -> None:
    told_of = told(framework=[*FRAMEWORK, notified("USA", "2010-01-01")], protocol=protocol("framework"))

    state = states(told_of)["protocol"]

    assert pending(state, "USA", on="2010-12-31") == ("notified", "2011-01-01")
    assert parties(state, on="2010-12-31") == {"USA", "FRA"}
    assert parties(state, on="2011-01-01") == {"FRA"}
    (exit_,) = state.standings["USA"].exits
    assert (exit_.via, exit_.rule, exit_.article) == (("framework",), "falls_with framework", None)


def test_revoking_the_notice_to_the_framework_revokes_what_follows() -> None:
    revoked = acted("withdrawal.revoked", "USA", received_on="2010-03-01")
    told_of = told(framework=[*FRAMEWORK, notified("USA", "2010-01-01"), revoked], protocol=protocol("framework"))

    state = states(told_of)["protocol"]

    assert exits(state, "USA") == [("revoked", "2011-01-01")]
    assert pending(state, "USA", on="2010-02-28") == ("notified", "2011-01-01")
    assert pending(state, "USA", on="2010-03-01") is None
    assert parties(state, on="2012-01-01") == {"USA", "FRA"}


def test_a_revocation_addressed_to_the_protocol_does_not_touch_an_exit_that_follows_the_framework() -> None:
    revoked = acted("withdrawal.revoked", "USA", received_on="2010-03-01")
    told_of = told(framework=[*FRAMEWORK, notified("USA", "2010-01-01")], protocol=[*protocol("framework"), revoked])

    state = states(told_of)["protocol"]

    assert parties(state, on="2011-01-01") == {"FRA"}
    assert [found.reason for found in state.standings["USA"].anomalies] == ["no_notice_to_revoke"]


def test_a_suspension_or_an_extension_addressed_to_the_protocol_does_not_touch_it_either() -> None:
    suspended = acted("withdrawal.suspended", "USA", received_on="2010-03-01")
    extended = acted("withdrawal.extended", "USA", decided_on="2010-03-01", effective_on="2015-01-01")
    told_of = told(
        framework=[*FRAMEWORK, notified("USA", "2010-01-01")], protocol=[*protocol("framework"), suspended, extended]
    )

    state = states(told_of)["protocol"]

    assert parties(state, on="2011-01-01") == {"FRA"}
    assert {found.reason for found in state.standings["USA"].anomalies} == {
        "no_notice_to_suspend",
        "no_notice_to_extend",
    }


def test_a_decision_that_ends_participation_in_the_framework_ends_it_in_the_protocol() -> None:
    ceased = acted("participation.ceased", "USA", effective_on="2010-06-01", reason="expulsion", decided_by="organ")
    told_of = told(framework=[*FRAMEWORK, ceased], protocol=protocol("framework"))

    state = states(told_of)["protocol"]

    assert parties(state, on="2010-05-31") == {"USA", "FRA"}
    assert parties(state, on="2010-06-01") == {"FRA"}


def test_who_joins_the_protocol_while_its_notice_to_the_framework_runs_leaves_with_it() -> None:
    late = (falling_with("framework"), deposited("USA", "2010-06-01"))
    told_of = told(framework=[*FRAMEWORK, notified("USA", "2010-01-01")], protocol=late)

    state = states(told_of)["protocol"]

    assert pending(state, "USA", on="2010-07-01") == ("notified", "2011-01-01")
    assert spells(state, "USA")[-1] == ("former", "2011-01-01", None)


def test_who_joins_the_protocol_after_leaving_the_framework_stays() -> None:
    late = (falling_with("framework"), deposited("USA", "2011-01-01"))
    told_of = told(framework=[*FRAMEWORK, notified("USA", "2010-01-01")], protocol=late)

    assert spells(states(told_of)["protocol"], "USA")[-1] == ("party", "2011-01-31", None)


def test_an_earlier_notice_to_the_protocol_itself_ends_it_first() -> None:
    told_of = told(
        framework=[*FRAMEWORK, notified("USA", "2010-01-01")],
        protocol=[*protocol("framework"), notified("USA", "2009-06-01")],
    )

    state = states(told_of)["protocol"]

    assert parties(state, on="2010-06-01") == {"FRA"}
    assert exits(state, "USA") == [("effective", "2010-06-01"), ("superseded", "2011-01-01")]


def test_an_overtaken_notice_to_the_framework_is_overtaken_in_the_protocol_too() -> None:
    ceased = acted("participation.ceased", "USA", effective_on="2010-06-01", reason="expulsion", decided_by="organ")
    told_of = told(framework=[*FRAMEWORK, notified("USA", "2010-01-01"), ceased], protocol=protocol("framework"))

    state = states(told_of)["protocol"]

    assert sorted(outcome for outcome, _ in exits(state, "USA")) == ["effective", "superseded"]
    assert parties(state, on="2010-06-01") == {"FRA"}


@pytest.mark.parametrize(
    "event",
    [
        notified("USA", "2010-01-01", scope="territory only"),
        notified("GBR", "2010-01-01"),
        acted("withdrawal.announced", "USA", announced_on="2010-01-01"),
    ],
)
def test_what_is_no_exit_from_the_framework_is_none_from_the_protocol(event: Event) -> None:
    told_of = told(framework=[*FRAMEWORK, event], protocol=protocol("framework"))

    assert states(told_of)["protocol"].standings["USA"].exits == ()


def test_a_premature_notice_to_the_framework_is_none_to_the_protocol() -> None:
    admissible: JSON = {
        "notice": {"rule": "period", "period": "P1Y"},
        "admissible_after": {
            "period": "P20Y",
            "anchor": "entry_into_force_for_participant",
            "early_notice": "void",
        },
    }
    framework = (
        registered({**SIMPLE_CLAUSES, "withdrawal": admissible}),
        *FRAMEWORK[1:],
        notified("USA", "2010-01-01"),
    )

    assert states(told(framework=framework, protocol=protocol("framework")))["protocol"].standings["USA"].exits == ()


def test_only_the_clauses_in_force_on_the_day_of_the_notice_tie_treaties() -> None:
    amended: Event = (
        "treaty.clauses_amended",
        {"clauses": {**SIMPLE_CLAUSES, "falls_with": ["framework"]}, "effective_on": "2010-06-01"},
    )
    later = (registered(), deposited("USA", "2003-01-01"), deposited("FRA", "2003-01-01"), amended)
    told_of = told(framework=[*FRAMEWORK, notified("USA", "2010-01-01"), notified("FRA", "2010-06-01")], protocol=later)

    assert parties(states(told_of)["protocol"], on="2012-01-01") == {"USA"}


def test_an_exit_goes_through_a_chain_and_says_which_way_it_came() -> None:
    told_of = told(
        a=[*FRAMEWORK, notified("USA", "2010-01-01")],
        b=protocol("a"),
        c=protocol("b"),
    )

    (exit_,) = states(told_of)["c"].standings["USA"].exits
    assert exit_.via == ("b", "a")
    assert exit_.closed_on == dt.date(2011, 1, 1)


def test_a_treaty_that_falls_with_itself_or_around_a_circle_is_left_once() -> None:
    told_of = told(
        a=[*protocol("a", "c"), notified("USA", "2010-01-01")],
        b=protocol("a"),
        c=protocol("b"),
    )

    found = states(told_of)

    for treaty in ("a", "b", "c"):
        assert parties(found[treaty], on="2010-12-31") == {"USA", "FRA"}
        assert parties(found[treaty], on="2011-01-01") == {"FRA"}
    assert len(found["a"].standings["USA"].exits) == 1


def test_a_parent_that_is_not_on_record_moves_nothing() -> None:
    assert parties(states(told(protocol=protocol("never-heard-of")))["protocol"], on="2012-01-01") == {"USA", "FRA"}


MANY = told(
    framework=[
        *FRAMEWORK,
        notified("USA", "2010-01-01"),
        notified("FRA", "2010-02-01"),
        acted("withdrawal.revoked", "FRA", received_on="2010-05-01"),
        deposited("USA", "2013-01-01"),
    ],
    protocol=[*protocol("framework"), deposited("USA", "2014-01-01")],
    annex=[*protocol("protocol"), notified("FRA", "2012-01-01")],
)


@pytest.mark.property
@given(st.permutations(range(sum(map(len, MANY.values())))))
def test_the_order_of_recording_does_not_matter(order: Sequence[int]) -> None:
    assert {t: s.standings for t, s in states(MANY, order=order).items()} == {
        t: s.standings for t, s in states(MANY).items()
    }


class Defective(Folding):
    def follow(self, causes: Causes) -> bool:
        raise ZeroDivisionError(len(causes))


def test_a_defect_is_blamed_on_the_treaty_in_which_it_shows() -> None:
    facts = told(framework=FRAMEWORK, protocol=protocol("framework"))
    foldings = {
        "framework": Folding("framework", facts["framework"], successions={}),
        "protocol": Defective("protocol", facts["protocol"], successions={}),
    }
    with pytest.raises(CannotFold) as caught:
        carry(foldings, ["framework"])
    assert (caught.value.treaty, caught.value.reason) == ("protocol", "a defect of the projector: ZeroDivisionError: 0")
