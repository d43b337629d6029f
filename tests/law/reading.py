"""Read a state the short way: who stands where, which exits there are, what is odd."""

import datetime as dt

from treaty_projector.law.membership import PENDING, ExitView, MemberRow, member_rows
from treaty_projector.law.state import Consent, TreatyState


def row(state: TreatyState, participant: str, *, on: str) -> MemberRow | None:
    """Return what is answered about a participant on a day."""
    legal_day = dt.date.fromisoformat(on)
    standing = state.standings.get(participant)
    rows = () if standing is None else member_rows(standing)
    return next((found for found in rows if found.period.contains(legal_day)), None)


def consent(state: TreatyState, participant: str, *, on: str) -> str:
    """Return where a participant stands on a day."""
    found = row(state, participant, on=on)
    return Consent.NONE.value if found is None else found.consent.value


def exit_view(state: TreatyState, participant: str, *, on: str) -> ExitView | None:
    """Return what is said of a participant's exit on a day."""
    found = row(state, participant, on=on)
    return None if found is None else found.exit


def pending(state: TreatyState, participant: str, *, on: str) -> tuple[str, str | None] | None:
    """Return the stage of a formal notice that has not taken effect on a day, and the day on which it will."""
    view = exit_view(state, participant, on=on)
    return (view.stage.value, _text(view.effective_on)) if view is not None and view.stage in PENDING else None


def parties(state: TreatyState, *, on: str) -> set[str]:
    """Return who is party on a day."""
    return {code for code in state.standings if consent(state, code, on=on) == "party"}


def spells(state: TreatyState, participant: str) -> list[tuple[str, str, str | None]]:
    """Return every spell of a participant: consent, first day, first day after it."""
    return [
        (spell.consent.value, spell.period.from_.isoformat(), _text(spell.period.until))
        for spell in state.standings[participant].spells
    ]


def exits(state: TreatyState, participant: str) -> list[tuple[str, str | None]]:
    """Return every exit of a participant: how it ended or where it stands, and its day of effect."""
    return [
        ((found.outcome or found.steps[-1].stage).value, _text(found.effective_on))
        for found in state.standings[participant].exits
    ]


def reasons(state: TreatyState) -> list[str]:
    """Return what is odd about the recorded facts, in order of position."""
    found = [anomaly for standing in state.standings.values() for anomaly in standing.anomalies]
    return [anomaly.reason.value for anomaly in sorted([*found, *state.anomalies])]


def _text(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
