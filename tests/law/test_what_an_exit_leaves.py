"""An exit may leave obligations behind, open a time for others to follow, and have conditional days of effect."""

from builders import SIMPLE_CLAUSES, acted, deposited, folded, notified, registered

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector.bitemporal.documents import standing_document
from treaty_projector.law.state import TreatyState


def leaving(**more: JSON) -> JsonObject:
    """Return clauses with a year's notice and what more the withdrawal clause says."""
    return {**SIMPLE_CLAUSES, "withdrawal": {"article": "10", "notice": {"rule": "period", "period": "P1Y"}, **more}}


def only_exit(state: TreatyState, participant: str) -> JsonObject:
    document = standing_document(state.standings[participant])
    assert isinstance(document["exits"], list)
    (exit_,) = (exit_ for exit_ in document["exits"] if isinstance(exit_, dict))
    return exit_


def test_obligations_survive_an_exit_as_long_as_the_clause_says() -> None:
    state = folded(registered(leaving(survival="P20Y")), deposited("ITA", "2001-01-01"), notified("ITA", "2015-01-01"))

    assert only_exit(state, "ITA")["survives_until"] == "2036-01-01"


def test_nothing_survives_an_exit_that_was_revoked() -> None:
    state = folded(
        registered(leaving(survival="P20Y")),
        deposited("ITA", "2001-01-01"),
        notified("ITA", "2015-01-01"),
        acted("withdrawal.revoked", "ITA", received_on="2015-06-01"),
    )

    assert only_exit(state, "ITA")["survives_until"] is None


def test_without_such_a_clause_nothing_survives_and_no_time_opens() -> None:
    exit_ = only_exit(folded(registered(), deposited("ITA", "2001-01-01"), notified("ITA", "2015-01-01")), "ITA")

    assert (exit_["survives_until"], exit_["companions_until"], exit_["alternatives"]) == (None, None, [])


def test_one_notice_opens_a_time_in_which_others_may_follow() -> None:
    clauses = leaving(companion_window="P1M")

    state = folded(registered(clauses), deposited("ISL", "2001-01-01"), notified("ISL", "2010-01-31"))

    assert only_exit(state, "ISL")["companions_until"] == "2010-02-28"


def test_the_last_extension_says_which_days_are_conditional() -> None:
    state = folded(
        registered(leaving()),
        deposited("GBR", "2001-01-01"),
        notified("GBR", "2017-03-29"),
        acted(
            "withdrawal.extended",
            "GBR",
            decided_on="2018-03-01",
            effective_on="2018-04-12",
            alternatives=[{"effective_on": "2018-05-22", "condition": "the agreement is approved"}],
        ),
    )

    exit_ = only_exit(state, "GBR")
    assert exit_["effective_on"] == "2018-04-12"
    assert exit_["alternatives"] == [{"effective_on": "2018-05-22", "condition": "the agreement is approved"}]


def test_a_stated_day_before_receipt_still_says_that_an_unmodelled_treaty_is_in_force() -> None:
    state = folded(registered({}), deposited("GRC", "1975-01-08", states_effective_on="1974-11-28"))

    (spell,) = state.standings["GRC"].spells
    (found,) = state.standings["GRC"].anomalies
    assert (spell.consent, spell.period.from_.isoformat()) == ("party", "1975-01-08")
    assert found.reason == "effect_before_receipt"
