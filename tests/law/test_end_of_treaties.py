"""Check how a treaty ends, and every membership with it: VCLT Art. 54, 55, 59 and 70."""

import datetime as dt

import pytest
from builders import (
    SIMPLE_CLAUSES,
    Event,
    ceased,
    completed,
    deposited,
    fact,
    facts,
    folded,
    leaving,
    notified,
    registered,
    revoked,
    signed,
    succeeded,
)
from law.reading import consent, exits, parties, reasons, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.fold import fold
from treaty_projector.law.state import TreatyState

TWO = [deposited("USA", "1999-01-01"), deposited("SUN", "1999-01-01")]
THREE = [*TWO, deposited("FRA", "1999-01-01")]
ONE_EXIT_ENDS_IT: dict[str, JSON] = {**SIMPLE_CLAUSES, "bilateral_ends_on_exit": True}


def ended_on(state: TreatyState) -> str | None:
    return None if state.terminated_on is None else state.terminated_on.isoformat()


def lasting(duration: dict[str, JSON]) -> dict[str, JSON]:
    return {**SIMPLE_CLAUSES, "duration": duration}


def extended(until_on: str) -> Event:
    return ("treaty.extended", {"until_on": until_on})


def terminated(effective_on: str, **more: JSON) -> Event:
    return ("treaty.terminated", {"effective_on": effective_on, "reason": "by_consent", **more})


def amended(effective_on: str, clauses: dict[str, JSON]) -> Event:
    return ("treaty.clauses_amended", {"effective_on": effective_on, "clauses": clauses})


def test_a_terminated_treaty_has_no_parties() -> None:
    state = folded(registered(), *TWO, terminated("2010-01-01"))
    assert spells(state, "USA")[1:] == [("party", "2000-01-01", "2010-01-01"), ("former", "2010-01-01", None)]
    assert ended_on(state) == "2010-01-01"


def test_the_end_of_the_treaty_supersedes_what_is_pending() -> None:
    state = folded(registered(), *TWO, notified("USA", "2009-06-01"), terminated("2010-01-01"))
    assert exits(state, "USA") == [("superseded", "2010-06-01")]


def test_an_exit_on_the_day_the_treaty_ends_took_effect() -> None:
    state = folded(registered(), *TWO, notified("USA", "2009-01-01"), terminated("2010-01-01"))
    assert exits(state, "USA") == [("effective", "2010-01-01")]


def test_signatories_and_contracting_participants_do_not_outlast_the_treaty() -> None:
    state = folded(
        registered({}), signed("USA", "1999-01-01"), deposited("FRA", "1999-01-01"), terminated("2010-01-01")
    )
    assert spells(state, "USA") == [("signatory", "1999-01-01", "2010-01-01")]
    assert spells(state, "FRA") == [("contracting", "1999-01-01", "2010-01-01")]


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (deposited("DEU", "2010-01-01"), "treaty_ended"),
        (signed("DEU", "2010-01-01"), "treaty_ended"),
        (notified("USA", "2010-01-01"), "not_a_party"),
        (completed("USA", "2010-01-02"), "treaty_ended"),
        (ceased("USA", "2010-01-02"), "not_a_party"),
        (revoked("USA", "2010-01-02"), "no_notice_to_revoke"),
    ],
)
def test_nothing_can_be_done_under_a_treaty_that_is_over(act: Event, reason: str) -> None:
    state = folded(registered(), *TWO, terminated("2010-01-01"), act)
    assert reasons(state) == [reason]
    assert parties(state, on="2010-06-01") == set()


def test_of_several_reports_of_a_termination_the_strongest_wins() -> None:
    in_the_press = fact(
        "treaty.terminated", 4, dict(terminated("2010-01-01", asserted_by="press")[1]), source="urn:press"
    )
    recorded = [*facts([registered(), *TWO, terminated("2010-01-05", asserted_by="depositary")]), in_the_press]
    assert ended_on(fold("test", recorded, successions={})) == "2010-01-05"


def test_few_parties_do_not_end_a_treaty() -> None:
    state = folded(registered(), *TWO, notified("USA", "2009-01-01"), notified("SUN", "2009-01-01"))
    assert ended_on(state) is None


def test_a_bilateral_treaty_ends_with_one_exit() -> None:
    state = folded(registered(kind="bilateral"), *TWO, notified("USA", "2009-01-01"))
    assert ended_on(state) == "2010-01-01"
    assert spells(state, "SUN")[-1] == ("former", "2010-01-01", None)
    assert exits(state, "SUN") == []


def test_a_bilateral_treaty_waits_for_its_second_party() -> None:
    state = folded(registered(kind="bilateral"), TWO[0], notified("USA", "2009-01-01"))
    assert ended_on(state) is None


def test_a_revoked_notice_ends_no_bilateral_treaty() -> None:
    state = folded(registered(kind="bilateral"), *TWO, notified("USA", "2009-01-01"), revoked("USA", "2009-12-31"))
    assert ended_on(state) is None
    assert parties(state, on="2012-01-01") == {"SUN", "USA"}


def test_one_exit_of_several_ends_a_treaty_whose_clause_says_so() -> None:
    state = folded(registered(ONE_EXIT_ENDS_IT), *THREE, notified("FRA", "2009-01-01"))
    assert ended_on(state) == "2010-01-01"
    assert parties(state, on="2010-01-01") == set()


def test_the_first_of_two_exits_ends_the_treaty_and_supersedes_the_other() -> None:
    state = folded(registered(ONE_EXIT_ENDS_IT), *TWO, notified("USA", "2009-01-01"), notified("SUN", "2009-02-01"))
    assert exits(state, "USA") == [("effective", "2010-01-01")]
    assert exits(state, "SUN") == [("superseded", "2010-02-01")]


@pytest.mark.parametrize("kind", ["bilateral", "multilateral"])
def test_a_treaty_between_two_outlives_a_party_that_is_succeeded_on_the_same_day(kind: str) -> None:
    state = folded(
        registered(ONE_EXIT_ENDS_IT, kind=kind),
        *TWO,
        ceased("SUN", "2001-12-26", "extinction"),
        succeeded("RUS", "2002-02-01", states_effective_on="2001-12-26"),
    )
    assert ended_on(state) is None
    assert parties(state, on="2001-12-26") == {"RUS", "USA"}


@pytest.mark.parametrize("kind", ["bilateral", "multilateral"])
def test_a_treaty_between_two_ends_with_a_party_that_nobody_succeeds(kind: str) -> None:
    state = folded(registered(ONE_EXIT_ENDS_IT, kind=kind), *TWO, ceased("SUN", "2001-12-26", "extinction"))
    assert ended_on(state) == "2001-12-26"


def test_a_treaty_ends_below_the_number_of_parties_that_it_demands() -> None:
    clauses: dict[str, JSON] = {**SIMPLE_CLAUSES, "minimum_parties": 2}
    leaves = [notified("USA", "2009-01-01"), notified("SUN", "2011-01-01")]
    assert ended_on(folded(registered(clauses), *THREE, leaves[0])) is None
    state = folded(registered(clauses), *THREE, *leaves)
    assert ended_on(state) == "2012-01-01"
    assert consent(state, "FRA", on="2012-01-01") == "former"


def test_a_treaty_that_never_had_enough_parties_does_not_end_for_want_of_them() -> None:
    clauses: dict[str, JSON] = {**SIMPLE_CLAUSES, "minimum_parties": 5}
    assert ended_on(folded(registered(clauses), *THREE, notified("USA", "2009-01-01"))) is None


def test_one_that_takes_the_leavers_place_on_the_same_day_keeps_the_number() -> None:
    clauses: dict[str, JSON] = {**SIMPLE_CLAUSES, "minimum_parties": 2}
    joins = deposited("FRA", "2009-12-02")
    state = folded(registered(clauses), *TWO, notified("USA", "2009-01-01"), joins)
    assert ended_on(state) is None


def test_a_fixed_duration_ends_every_spell() -> None:
    state = folded(registered(lasting({"until": "2021-02-05"})), *TWO)
    assert spells(state, "USA")[1:] == [("party", "2000-01-01", "2021-02-05"), ("former", "2021-02-05", None)]


def test_a_duration_may_run_from_entry_into_force() -> None:
    assert ended_on(folded(registered(lasting({"period": "P10Y"})), *TWO)) == "2010-01-01"


def test_a_duration_does_not_run_before_entry_into_force() -> None:
    clauses: dict[str, JSON] = {"duration": {"period": "P10Y"}}
    assert ended_on(folded(registered(clauses), *TWO)) is None


def test_an_extension_moves_the_end() -> None:
    state = folded(registered(lasting({"until": "2021-02-05"})), *TWO, extended("2026-02-05"))
    assert parties(state, on="2026-02-04") == {"SUN", "USA"}
    assert ended_on(state) == "2026-02-05"


def test_the_last_of_several_extensions_counts() -> None:
    state = folded(registered(lasting({"until": "2010-01-01"})), *TWO, extended("2014-01-01"), extended("2012-01-01"))
    assert ended_on(state) == "2014-01-01"


def test_an_extension_says_when_a_treaty_ends_whose_duration_is_not_modelled() -> None:
    assert ended_on(folded(registered(), *TWO, extended("2014-01-01"))) == "2014-01-01"


def test_an_amendment_in_force_before_the_end_moves_it() -> None:
    state = folded(
        registered(lasting({"until": "2010-01-01"})), *TWO, amended("2009-01-01", lasting({"until": "2020-01-01"}))
    )
    assert ended_on(state) == "2020-01-01"


def test_an_amendment_cannot_revive_a_treaty_that_is_over() -> None:
    state = folded(
        registered(lasting({"until": "2010-01-01"})), *TWO, amended("2015-01-01", lasting({"until": "2020-01-01"}))
    )
    assert ended_on(state) == "2010-01-01"


def test_the_earliest_of_several_ends_counts() -> None:
    state = folded(registered(lasting({"until": "2015-01-01"}), kind="bilateral"), *TWO, notified("USA", "2009-01-01"))
    assert ended_on(state) == "2010-01-01"


def test_who_leaves_a_bilateral_treaty_leaves_by_its_own_notice() -> None:
    state = folded(
        registered(leaving({"rule": "period", "period": "P6M"}), kind="bilateral"),
        *TWO,
        notified("USA", "2019-02-02"),
        completed("USA", "2019-08-02"),
    )
    assert exits(state, "USA") == [("effective", "2019-08-02")]
    assert state.terminated_on == dt.date(2019, 8, 2)
    assert reasons(state) == []
