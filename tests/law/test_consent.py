"""Check how a participant signs, consents to be bound, and takes that back: VCLT Art. 11 to 18 and 24."""

import pytest
from builders import SIMPLE_CLAUSES, acted, ceased, completed, deposited, folded, notified, registered, signed
from law.reading import consent, parties, reasons, row, spells

from treaty_contracts.canonical import JSON

NOT_YET: dict[str, JSON] = {"entry_into_force": {"rule": "after_deposits", "count": 44, "delay": {"rule": "immediate"}}}
ON_SIGNATURE: dict[str, JSON] = {"entry_into_force": {"rule": "on_signature"}}


def test_a_signatory_is_not_bound() -> None:
    state = folded(registered(), signed("KGZ", "1992-12-15"))
    assert spells(state, "KGZ") == [("signatory", "1992-12-15", None)]
    assert parties(state, on="2026-01-01") == set()


def test_a_second_signature_changes_nothing() -> None:
    state = folded(registered(), signed("KGZ", "1992-12-15"), signed("KGZ", "1993-12-15"))
    assert spells(state, "KGZ") == [("signatory", "1992-12-15", None)]


def test_a_deposit_makes_a_contracting_participant_and_the_joining_delay_a_party() -> None:
    state = folded(registered(), signed("FIN", "2002-01-01"), deposited("FIN", "2002-12-12"))
    assert spells(state, "FIN") == [
        ("signatory", "2002-01-01", "2002-12-12"),
        ("contracting", "2002-12-12", "2003-01-11"),
        ("party", "2003-01-11", None),
    ]


def test_one_who_consented_long_before_is_a_party_from_the_treatys_first_day() -> None:
    state = folded(registered(), deposited("FRA", "1993-07-30"))
    assert spells(state, "FRA") == [("contracting", "1993-07-30", "2000-01-01"), ("party", "2000-01-01", None)]


def test_the_joining_delay_runs_beyond_the_entry_into_force_of_the_treaty() -> None:
    state = folded(registered(), deposited("FRA", "1999-12-31"))
    assert spells(state, "FRA")[-1] == ("party", "2000-01-30", None)


def test_without_a_joining_clause_consent_binds_at_once() -> None:
    state = folded(
        registered({**SIMPLE_CLAUSES, "joining": {"delay": {"rule": "immediate"}}}), deposited("FRA", "2005-05-05")
    )
    assert spells(state, "FRA") == [("party", "2005-05-05", None)]


def test_a_stated_day_overrides_the_joining_delay() -> None:
    state = folded(registered(), deposited("FRA", "2005-05-05", states_effective_on="2005-09-01"))
    assert spells(state, "FRA") == [("contracting", "2005-05-05", "2005-09-01"), ("party", "2005-09-01", None)]


def test_only_a_succession_looks_back() -> None:
    state = folded(registered(), deposited("FRA", "2005-05-05", states_effective_on="2005-05-04"))
    assert spells(state, "FRA")[-1] == ("party", "2005-06-04", None)
    assert reasons(state) == ["effect_before_receipt"]


def test_nobody_is_a_party_before_the_treaty_is_in_force() -> None:
    state = folded(registered(), deposited("FRA", "1999-05-05", states_effective_on="1999-06-01"))
    assert spells(state, "FRA")[-1] == ("party", "2000-01-01", None)
    assert reasons(state) == ["effect_before_entry_into_force"]


def test_where_entry_into_force_is_not_modelled_consents_stay_contracting() -> None:
    assert spells(folded(registered({}), deposited("FRA", "1999-05-05")), "FRA") == [
        ("contracting", "1999-05-05", None)
    ]


def test_where_entry_into_force_is_not_modelled_a_stated_day_makes_a_party() -> None:
    state = folded(registered({}), deposited("FRA", "1999-05-05", states_effective_on="1999-06-04"))
    assert spells(state, "FRA")[-1] == ("party", "1999-06-04", None)


def test_the_first_of_several_deposits_binds() -> None:
    receipts: JSON = [{"by": "USA", "on": "1990-09-28"}, {"by": "GBR", "on": "1990-09-12"}]
    deposit = acted("instrument.deposited", "ALB", instrument="accession", received=receipts)
    state = folded(registered(NOT_YET), deposit)
    assert spells(state, "ALB") == [("contracting", "1990-09-12", None)]


def test_a_second_consent_changes_nothing() -> None:
    state = folded(registered(), deposited("FRA", "2001-01-01"), deposited("FRA", "2004-01-01"))
    assert spells(state, "FRA")[-1] == ("party", "2001-01-31", None)
    assert reasons(state) == ["already_bound"]


def test_a_signature_after_consent_changes_nothing() -> None:
    state = folded(registered(), deposited("FRA", "2001-01-01"), signed("FRA", "2001-06-01"))
    assert [spell[0] for spell in spells(state, "FRA")] == ["contracting", "party"]
    assert reasons(state) == ["signed_after_consent"]


def test_signature_and_deposit_of_one_day_are_taken_in_that_order() -> None:
    state = folded(registered(), deposited("FRA", "2001-01-01"), signed("FRA", "2001-01-01"))
    assert reasons(state) == []


def test_domestic_approval_is_no_consent() -> None:
    state = folded(
        registered(),
        signed("UKR", "1992-03-24"),
        acted("withdrawal.procedure_step", "UKR", step="other", on="2000-03-02"),
    )
    assert consent(state, "UKR", on="2000-03-03") == "signatory"


def test_a_definitive_signature_binds() -> None:
    state = folded(registered(), signed("FRA", "2001-01-01", definitive=True))
    assert spells(state, "FRA") == [("contracting", "2001-01-01", "2001-01-31"), ("party", "2001-01-31", None)]


def test_every_signature_binds_where_the_treaty_enters_into_force_by_signature() -> None:
    state = folded(registered(ON_SIGNATURE), signed("FRA", "2001-01-01"), signed("DEU", "2001-02-01"))
    assert parties(state, on="2001-01-31") == set()
    assert parties(state, on="2001-02-01") == {"DEU", "FRA"}


def test_a_signature_ad_referendum_binds_nobody_before_it_is_confirmed() -> None:
    state = folded(
        registered(ON_SIGNATURE), signed("FRA", "2001-01-01"), signed("DEU", "2001-02-01", ad_referendum=True)
    )
    assert consent(state, "DEU", on="2001-03-01") == "signatory"
    assert parties(state, on="2001-03-01") == set()


def test_a_consent_taken_back_before_entry_into_force_leaves_a_signatory() -> None:
    state = folded(
        registered(NOT_YET),
        signed("RUS", "1996-09-24"),
        deposited("RUS", "2000-06-30"),
        acted("consent.withdrawn", "RUS", received_on="2023-11-03"),
    )
    assert spells(state, "RUS") == [
        ("signatory", "1996-09-24", "2000-06-30"),
        ("contracting", "2000-06-30", "2023-11-03"),
        ("signatory", "2023-11-03", None),
    ]


def test_the_signatory_that_took_its_consent_back_rests_on_the_withdrawal_too() -> None:
    state = folded(
        registered(NOT_YET),
        signed("RUS", "1996-09-24"),
        deposited("RUS", "2000-06-30"),
        acted("consent.withdrawn", "RUS", received_on="2023-11-03"),
    )
    found = row(state, "RUS", on="2024-01-01")
    assert found is not None
    assert found.basis == (1, 3)


def test_one_who_never_signed_and_takes_its_consent_back_is_nothing() -> None:
    state = folded(
        registered(NOT_YET),
        deposited("RUS", "2000-06-30"),
        acted("consent.withdrawn", "RUS", received_on="2023-11-03"),
    )
    assert spells(state, "RUS") == [("contracting", "2000-06-30", "2023-11-03")]


def test_one_whose_definitive_signature_is_taken_back_is_a_signatory() -> None:
    state = folded(
        registered(NOT_YET),
        signed("RUS", "2000-06-30", definitive=True),
        acted("consent.withdrawn", "RUS", received_on="2023-11-03"),
    )
    assert consent(state, "RUS", on="2023-11-03") == "signatory"


def test_one_may_consent_again_after_taking_its_consent_back() -> None:
    state = folded(
        registered(NOT_YET),
        signed("RUS", "1996-09-24"),
        deposited("RUS", "2000-06-30"),
        acted("consent.withdrawn", "RUS", received_on="2023-11-03"),
        deposited("RUS", "2030-01-01"),
    )
    assert spells(state, "RUS")[-2:] == [("signatory", "2023-11-03", "2030-01-01"), ("contracting", "2030-01-01", None)]


def test_a_former_party_that_takes_its_new_consent_back_is_former_again() -> None:
    state = folded(
        registered(),
        deposited("FRA", "2001-01-01"),
        notified("FRA", "2003-01-01"),
        deposited("FRA", "2010-01-01"),
        acted("consent.withdrawn", "FRA", received_on="2010-01-15"),
    )
    assert spells(state, "FRA")[-3:] == [
        ("former", "2004-01-01", "2010-01-01"),
        ("contracting", "2010-01-01", "2010-01-15"),
        ("former", "2010-01-15", None),
    ]


def test_consent_cannot_be_taken_back_by_a_party() -> None:
    state = folded(
        registered(), deposited("FRA", "2001-01-01"), acted("consent.withdrawn", "FRA", received_on="2001-01-31")
    )
    assert parties(state, on="2002-01-01") == {"FRA"}
    assert reasons(state) == ["consent_withdrawn_after_entry_into_force"]


def test_a_signatory_has_no_consent_to_take_back() -> None:
    state = folded(
        registered(), signed("FRA", "2001-01-01"), acted("consent.withdrawn", "FRA", received_on="2001-01-31")
    )
    assert consent(state, "FRA", on="2002-01-01") == "signatory"
    assert reasons(state) == ["no_consent_to_withdraw"]


def test_one_that_renounces_its_intention_stays_a_signatory() -> None:
    state = folded(
        registered(), signed("USA", "2013-09-25"), acted("intention.renounced", "USA", received_on="2019-07-18")
    )
    assert spells(state, "USA") == [("signatory", "2013-09-25", None)]
    assert [note.kind for note in state.standings["USA"].remarks] == ["intention.renounced"]


def test_a_contracting_participant_that_is_no_more_was_never_a_party() -> None:
    state = folded(registered(), deposited("CSK", "1992-12-21"), ceased("CSK", "1993-01-01", "extinction"))
    assert spells(state, "CSK") == [("contracting", "1992-12-21", "1993-01-01")]


def test_a_signatory_that_is_no_more_stops_being_one() -> None:
    state = folded(registered(), signed("CSK", "1992-03-24"), ceased("CSK", "1993-01-01", "extinction"))
    assert spells(state, "CSK") == [("signatory", "1992-03-24", "1993-01-01")]


def test_no_organ_can_expel_a_signatory() -> None:
    state = folded(registered(), signed("KGZ", "1992-03-24"), ceased("KGZ", "1993-01-01"))
    assert spells(state, "KGZ") == [("signatory", "1992-03-24", None)]
    assert reasons(state) == ["not_a_party"]


def test_a_completion_ends_a_consent_that_is_not_in_force_yet() -> None:
    state = folded(
        registered(NOT_YET), signed("FRA", "2000-01-01"), deposited("FRA", "2001-01-01"), completed("FRA", "2005-01-01")
    )
    assert spells(state, "FRA")[1:] == [("contracting", "2001-01-01", "2005-01-01"), ("signatory", "2005-01-01", None)]
    assert reasons(state) == ["completed_without_notice"]


@pytest.mark.parametrize(
    "instrument", ["ratification", "acceptance", "approval", "accession", "formal_confirmation", "consent_to_be_bound"]
)
def test_the_spell_names_the_instrument_that_began_it(instrument: str) -> None:
    state = folded(registered(), deposited("FRA", "2001-01-01", instrument=instrument))
    assert {spell.mode for spell in state.standings["FRA"].spells} == {instrument}
