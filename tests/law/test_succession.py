"""Check that a succession, and nothing else, looks back: Vienna Convention 1978 Art. 2, 22 and 23."""

import datetime as dt

from builders import (
    SIMPLE_CLAUSES,
    acted,
    ceased,
    deposited,
    facts,
    folded,
    notified,
    registered,
    revoked,
    signed,
    succeeded,
    superseded,
)
from law.reading import consent, parties, reasons, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.consent import Successions
from treaty_projector.law.fold import Folding
from treaty_projector.law.graph import successions_of

SINCE_1890: dict[str, JSON] = {**SIMPLE_CLAUSES, "entry_into_force": {"rule": "on_date", "date": "1890-01-01"}}


def related(from_: str, to: str, on: str, relation: str = "succeeds") -> tuple[str, dict[str, JSON]]:
    return ("participant.related", {"from": from_, "to": to, "relation": relation, "on": on})


def graph(*edges: tuple[str, dict[str, JSON]]) -> Successions:
    return successions_of(facts(edges))


def test_a_succession_takes_effect_on_the_day_it_states() -> None:
    state = folded(registered(SINCE_1890), succeeded("DMA", "2002-10-22", states_effective_on="1978-11-03"))
    assert spells(state, "DMA") == [("party", "1978-11-03", None)]
    assert reasons(state) == []


def test_a_succession_takes_effect_on_the_day_of_the_graph_where_it_states_none() -> None:
    known = graph(related("CSK", "CZE", "1993-01-01"))
    state = folded(registered(SINCE_1890), succeeded("CZE", "1996-12-11"), successions=known)
    assert spells(state, "CZE") == [("party", "1993-01-01", None)]


def test_the_stated_day_goes_before_that_of_the_graph() -> None:
    known = graph(related("CSK", "CZE", "1993-01-01"))
    state = folded(
        registered(SINCE_1890), succeeded("CZE", "1996-12-11", states_effective_on="1994-01-01"), successions=known
    )
    assert spells(state, "CZE") == [("party", "1994-01-01", None)]


def test_either_end_of_an_edge_may_be_the_successor() -> None:
    assert graph(related("CSK", "CZE", "1993-01-01"))["CZE"] == graph(related("CZE", "CSK", "1993-01-01"))["CZE"]


def test_the_named_predecessor_decides_which_succession_it_is() -> None:
    known = graph(
        related("YUG", "SCG", "1992-04-27"), related("SCG", "SRB", "2006-06-05"), related("YUG", "SRB", "1992-04-27")
    )
    state = folded(registered(SINCE_1890), succeeded("SRB", "2007-01-01", succeeds="SCG"), successions=known)
    assert spells(state, "SRB") == [("party", "2006-06-05", None)]


def test_without_a_named_predecessor_the_first_succession_before_the_deposit_decides() -> None:
    known = graph(related("YUG", "SCG", "1992-04-27"), related("SCG", "MNE", "2006-06-03"))
    state = folded(registered(SINCE_1890), succeeded("SCG", "2001-03-12"), successions=known)
    assert spells(state, "SCG") == [("party", "1992-04-27", None)]


def test_a_succession_may_be_deposited_before_its_day() -> None:
    known = graph(related("CSK", "CZE", "1993-01-01"))
    state = folded(registered(SINCE_1890), succeeded("CZE", "1992-12-21"), successions=known)
    assert spells(state, "CZE") == [("contracting", "1992-12-21", "1993-01-01"), ("party", "1993-01-01", None)]


def test_a_renaming_is_no_succession() -> None:
    assert graph(related("BUR", "MMR", "1989-06-18", "renamed_to")) == {}


def test_a_succession_of_which_nobody_knows_the_day_counts_from_its_receipt() -> None:
    state = folded(registered(SINCE_1890), succeeded("DMA", "2002-10-22"))
    assert spells(state, "DMA") == [("contracting", "2002-10-22", "2002-11-21"), ("party", "2002-11-21", None)]


def test_a_successor_is_contracting_until_the_treaty_enters_into_force() -> None:
    state = folded(registered(), succeeded("CZE", "1996-12-11", states_effective_on="1993-01-01"))
    assert spells(state, "CZE") == [("contracting", "1993-01-01", "2000-01-01"), ("party", "2000-01-01", None)]


def test_where_entry_into_force_is_not_modelled_a_successor_is_a_party_from_its_day() -> None:
    state = folded(registered({}), succeeded("DMA", "2002-10-22", states_effective_on="1978-11-03"))
    assert spells(state, "DMA") == [("party", "1978-11-03", None)]


def test_before_the_deposit_was_recorded_the_old_picture_stands() -> None:
    late = succeeded("DMA", "2002-10-22", states_effective_on="1978-11-03")
    recorded = facts([registered(SINCE_1890), deposited("FRA", "1950-01-01"), late])
    folding = Folding("test", recorded[:2], successions={})
    assert parties(folding.state, on="1980-01-01") == {"FRA"}
    folding.step(recorded[2])
    assert parties(folding.state, on="1980-01-01") == {"DMA", "FRA"}


def test_nobody_inherits_a_spell_without_an_event() -> None:
    known = graph(related("CSK", "CZE", "1993-01-01"))
    state = folded(
        registered(SINCE_1890),
        deposited("CSK", "1950-01-01"),
        ceased("CSK", "1993-01-01", "extinction"),
        successions=known,
    )
    assert parties(state, on="1993-01-01") == set()
    assert consent(state, "CSK", on="1993-01-01") == "former"


def test_a_succession_takes_back_the_days_of_a_signature() -> None:
    state = folded(
        registered(SINCE_1890),
        signed("CZE", "1995-01-01"),
        succeeded("CZE", "1996-12-11", states_effective_on="1993-01-01"),
    )
    assert spells(state, "CZE") == [("party", "1993-01-01", None)]


def test_a_succession_cannot_reach_back_beyond_an_exit() -> None:
    state = folded(
        registered(SINCE_1890),
        deposited("CZE", "1993-06-01"),
        notified("CZE", "1995-01-01"),
        succeeded("CZE", "1999-01-01", states_effective_on="1993-01-01"),
    )
    assert spells(state, "CZE")[1:] == [("party", "1993-07-01", "1996-01-01"), ("party", "1996-01-01", None)]


def test_a_succession_cannot_reach_back_beyond_a_consent_that_was_taken_back() -> None:
    state = folded(
        registered({"entry_into_force": {"rule": "after_deposits", "count": 44, "delay": {"rule": "immediate"}}}),
        deposited("CZE", "1993-06-01"),
        acted("consent.withdrawn", "CZE", received_on="1995-01-01"),
        succeeded("CZE", "1999-01-01", states_effective_on="1993-01-01"),
    )
    assert spells(state, "CZE") == [("contracting", "1993-06-01", "1995-01-01"), ("contracting", "1995-01-01", None)]


def test_a_successor_may_have_been_a_party_to_a_treaty_that_is_over() -> None:
    state = folded(
        registered(SINCE_1890),
        succeeded("CZE", "1996-12-11", states_effective_on="1993-01-01"),
        ("treaty.terminated", {"effective_on": "1995-01-01", "reason": "later_treaty"}),
    )
    assert spells(state, "CZE") == [("party", "1993-01-01", "1995-01-01"), ("former", "1995-01-01", None)]


def test_nobody_succeeds_to_a_treaty_that_was_over_by_then() -> None:
    state = folded(
        registered(SINCE_1890),
        succeeded("CZE", "1996-12-11", states_effective_on="1993-01-01"),
        ("treaty.terminated", {"effective_on": "1992-01-01", "reason": "later_treaty"}),
    )
    assert spells(state, "CZE") == []
    assert reasons(state) == ["treaty_ended"]


def test_a_notice_received_before_the_succession_was_that_of_no_party() -> None:
    state = folded(
        registered(SINCE_1890),
        notified("CZE", "1995-01-01"),
        succeeded("CZE", "1996-12-11", states_effective_on="1993-01-01"),
        revoked("CZE", "1997-01-01"),
    )
    assert parties(state, on="2000-01-01") == {"CZE"}
    assert reasons(state) == ["not_a_party", "no_notice_to_revoke"]


def test_a_mistaken_edge_of_the_graph_can_be_superseded() -> None:
    assert graph(related("CSK", "CZE", "1993-01-01"), superseded(0)) == {}


def test_a_changed_graph_moves_a_succession() -> None:
    folding = Folding("test", facts([registered(SINCE_1890), succeeded("CZE", "1996-12-11")]), successions={})
    folding.see(graph(related("CSK", "CZE", "1993-01-01")))
    assert folding.state.standings["CZE"].spells[0].period.from_ == dt.date(1993, 1, 1)
