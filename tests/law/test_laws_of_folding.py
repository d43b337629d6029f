"""Check what is true of every history: nothing fails, nothing overlaps, and the order of recording does not matter."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from builders import Event, fact
from hypothesis import given
from hypothesis import strategies as st
from law.strategies import acts, clauses, codes, exact_days, histories, in_another_order, recorded, registration

from treaty_contracts.canonical import JSON
from treaty_projector.law.fold import Folding, fold
from treaty_projector.law.membership import member_rows
from treaty_projector.law.state import Consent, Standing, TreatyState

pytestmark = pytest.mark.property


def folded(events: Sequence[Event]) -> TreatyState:
    return fold("test", recorded(events), successions={})


def standings(state: TreatyState) -> list[Standing]:
    return list(state.standings.values())


@given(histories())
def test_facts_never_fail_to_fold(events: list[Event]) -> None:
    several_sources = recorded(events, sources=("urn:a", "urn:b", "urn:c"))
    for standing in standings(fold("test", several_sources, successions={})):
        member_rows(standing)


@given(histories())
def test_spells_follow_one_another_and_are_never_empty(events: list[Event]) -> None:
    for standing in standings(folded(events)):
        for earlier, later in pairwise(standing.spells):
            assert earlier.period.until is not None
            assert earlier.period.until <= later.period.from_
        assert not any(spell.period.is_empty for spell in standing.spells)


@given(histories())
def test_spells_come_in_legal_order(events: list[Event]) -> None:
    may_follow = {
        Consent.SIGNATORY: {Consent.CONTRACTING, Consent.PARTY},
        Consent.CONTRACTING: {Consent.PARTY, Consent.SIGNATORY, Consent.FORMER, Consent.CONTRACTING},
        Consent.PARTY: {Consent.FORMER, Consent.CONTRACTING, Consent.PARTY},
        Consent.FORMER: {Consent.CONTRACTING, Consent.PARTY},
    }
    for standing in standings(folded(events)):
        for earlier, later in pairwise(standing.spells):
            assert later.consent in may_follow[earlier.consent] or earlier.period.until != later.period.from_


@given(histories())
def test_rows_cover_exactly_the_spells(events: list[Event]) -> None:
    for standing in standings(folded(events)):
        rows = member_rows(standing)
        for earlier, later in pairwise(rows):
            assert earlier.period.until is not None
            assert earlier.period.until <= later.period.from_
        for spell in standing.spells:
            within = [row for row in rows if row.period.overlaps(spell.period)]
            assert {row.consent for row in within} == {spell.consent}
            assert (within[0].period.from_, within[-1].period.until) == (spell.period.from_, spell.period.until)
            assert all(one.period.until == other.period.from_ for one, other in pairwise(within))
        assert sum(len([r for r in rows if r.period.overlaps(s.period)]) for s in standing.spells) == len(rows)


@given(histories())
def test_no_exit_is_pending_on_the_day_it_takes_effect_or_later(events: list[Event]) -> None:
    for standing in standings(folded(events)):
        for row in member_rows(standing):
            day = None if row.exit is None else row.exit.effective_on
            assert day is None or (row.period.until is not None and row.period.until <= day)


@given(histories())
def test_every_exit_that_took_effect_ended_a_stay_on_its_day(events: list[Event]) -> None:
    for standing in standings(folded(events)):
        ends = {spell.period.until for spell in standing.spells} | {spell.period.from_ for spell in standing.spells}
        for exit_ in standing.exits:
            if exit_.outcome == "effective" and exit_.scope is None and exit_.notified_on is not None:
                assert exit_.closed_on in ends


@given(histories())
def test_nobody_is_bound_by_a_treaty_that_is_over(events: list[Event]) -> None:
    state = folded(events)
    for standing in standings(state):
        for spell in standing.spells:
            if state.terminated_on is not None and spell.consent is not Consent.FORMER:
                assert spell.period.until is not None
                assert spell.period.until <= state.terminated_on


@given(histories())
def test_nobody_is_a_party_before_the_treaty_is_in_force(events: list[Event]) -> None:
    state = folded(events)
    in_force = state.rules.in_force_from
    for standing in standings(state):
        for spell in standing.spells:
            if spell.consent is Consent.PARTY and in_force is not None:
                assert spell.period.from_ >= in_force


@given(histories())
def test_folding_step_by_step_arrives_where_folding_at_once_does(events: list[Event]) -> None:
    facts = recorded(events, sources=("urn:a", "urn:b"))
    folding = Folding("test", successions={})
    for size, each in enumerate(facts, start=1):
        folding.step(each)
        assert folding.state == fold("test", facts[:size], successions={})


def _anywhere(state: TreatyState, order: Sequence[int]) -> object:
    """Return what a state says, each position replaced by the one the fact had before it was moved."""

    def back(positions: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted(order[position] for position in positions))

    found: dict[str, object] = {}
    for code, standing in sorted(state.standings.items()):
        found[code] = (
            [replace(spell, basis=back(spell.basis)) for spell in standing.spells],
            Counter(replace(exit_, basis=back(exit_.basis)) for exit_ in standing.exits),
            Counter(replace(signal, basis=back(signal.basis)) for signal in standing.signals),
            Counter(replace(interval, basis=back(interval.basis)) for interval in standing.operation),
            Counter((order[anomaly.position], anomaly.reason) for anomaly in standing.anomalies),
            Counter((dispute.period, dispute.on, order[dispute.position]) for dispute in standing.disputes),
            [
                (row.period, row.consent, row.operation, row.provisional, row.contested, back(row.basis))
                for row in member_rows(standing)
            ],
        )
    return state.rules, state.terminated_on, found


@given(
    histories(corrected=False).filter(lambda events: _says_at_most_once(events, "treaty.entered_into_force")), st.data()
)
def test_the_order_of_recording_does_not_matter(events: list[Event], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(events))))
    moved = fold("test", in_another_order(events, order), successions={})
    original = list(range(len(events)))
    assert _anywhere(moved, order) == _anywhere(
        fold("test", in_another_order(events, original), successions={}), original
    )


def _says_at_most_once(events: Sequence[Event], type_: str) -> bool:
    """Several reports of one act are the exception: of equally strong ones, the latest recorded counts."""
    return sum(1 for said, _ in events if said == type_) <= 1


@given(clauses(may_end_by_exits=False), st.lists(acts, min_size=1, max_size=8), codes, exact_days)
def test_a_notice_moves_nobody_else(chosen: dict[str, JSON], done: list[Event], code: str, day: str) -> None:
    before = recorded([registration(chosen), *done])
    notice = fact("withdrawal.notified", len(before), {"participant": code, "received_on": day})
    alone, after = (fold("test", facts, successions={}).standings for facts in (before, [*before, notice]))
    assert {who: after[who] for who in alone if who != code} == {who: alone[who] for who in alone if who != code}
