"""Write conclusions as the JSON that answers are made of."""

from __future__ import annotations

import datetime as dt

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.events import TreatyRegistered
from treaty_contracts.names import parse_duration
from treaty_projector.law.membership import ExitView, MemberRow
from treaty_projector.law.periods import Period, add
from treaty_projector.law.state import Dispute, Exit, Interval, Note, Spell, Stage, Standing, TreatyState


def treaty_document(state: TreatyState, data: TreatyRegistered) -> JsonObject:
    """Return what is said of the treaty itself, with every version of its final clauses."""
    posted: JsonObject = data.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {
        "adopted_on": posted.get("adopted_on"),
        "adopted_at": posted.get("adopted_at"),
        "depositaries": posted.get("depositaries", []),
        "subjects": posted.get("subjects", []),
        "identifiers": posted.get("identifiers", {}),
        "parent": posted.get("parent"),
        "note": posted.get("note"),
        "citation": posted.get("citation"),
        "clauses": [
            {
                "from": _day(version.from_),
                "clauses": version.clauses.model_dump(mode="json", by_alias=True, exclude_none=True),
            }
            for version in state.rules.versions
        ],
        "basis": list(state.registration.basis) if state.registration else [],
    }


def member_document(row: MemberRow) -> JsonObject:
    """Return what an answer about one participant holds, but its name and the days left."""
    return {
        "consent": row.consent.value,
        "since": _day(row.since),
        "until": _day(row.until),
        "mode": row.mode,
        "provisional": row.provisional,
        "operation": row.operation,
        "exit": None if row.exit is None else _exit_view(row.exit),
        "contested": row.contested,
        "approximate": row.approximate,
        "basis": list(row.basis),
    }


def standing_document(standing: Standing) -> JsonObject:
    """Return the whole history of one participant in one treaty."""
    return {
        "spells": [_spell(spell) for spell in standing.spells],
        "exits": [_exit(exit_) for exit_ in standing.exits],
        "operation": [_interval(interval) for interval in standing.operation],
        "reservations": [_note(note) for note in standing.reservations],
        "territories": [_note(note) for note in standing.territories],
        "disputes": [_dispute(dispute) for dispute in standing.disputes],
        "remarks": [_note(note) for note in standing.remarks],
        "signals": [
            {
                "stage": signal.stage.value,
                "since": _day(signal.since),
                "until": _day(signal.period.until),
                "basis": list(signal.basis),
            }
            for signal in standing.signals
        ],
    }


def _exit_view(view: ExitView) -> JsonObject:
    return {
        "stage": view.stage.value,
        "since": _day(view.since),
        "notified_on": _day(view.notified_on),
        "effective_on": _day(view.effective_on),
        "computed_on": _day(view.computed_on),
        "stated_on": _day(view.stated_on),
        "rule": view.rule,
        "article": view.article,
        "condition": view.condition,
        "conference": _span(view.conference),
        "contested": view.contested,
        "basis": list(view.basis),
    }


def _spell(spell: Spell) -> JsonObject:
    return {
        "consent": spell.consent.value,
        "from": _day(spell.period.from_),
        "until": _day(spell.period.until),
        "mode": spell.mode,
        "approximate": spell.approximate,
        "basis": list(spell.basis),
    }


def _exit(exit_: Exit) -> JsonObject:
    steps: list[JSON] = [
        {"stage": step.stage.value, "from": _day(step.from_), "effective_on": _day(step.effective_on)}
        for step in exit_.steps
    ]
    return {
        "stage": exit_.outcome.value if exit_.outcome else (exit_.steps[-1].stage.value if exit_.steps else "notified"),
        "notified_on": _day(exit_.notified_on),
        "effective_on": _day(exit_.effective_on),
        "revoked_on": _day(exit_.closed_on) if exit_.outcome == "revoked" else None,
        "closed_on": _day(exit_.closed_on),
        "computed_on": _day(exit_.computed_on),
        "stated_on": _day(exit_.stated_on),
        "rule": exit_.rule,
        "article": exit_.article,
        "condition": exit_.condition,
        "scope": exit_.scope,
        "via": list(exit_.via),
        "companions_until": _day(exit_.companions_until),
        "survives_until": _day(_survives_until(exit_)),
        "alternatives": [{"effective_on": day, "condition": condition} for day, condition in exit_.alternatives],
        "conference": _span(exit_.conference),
        "steps": steps,
        "approximate": exit_.approximate,
        "basis": list(exit_.basis),
    }


def _survives_until(exit_: Exit) -> dt.date | None:
    """Return the day up to which obligations survive an exit that ends, or is to end, the membership."""
    if exit_.survival is None or exit_.effective_on is None or exit_.outcome in {Stage.REVOKED, Stage.SUPERSEDED}:
        return None
    return add(exit_.effective_on, parse_duration(exit_.survival))


def _interval(interval: Interval) -> JsonObject:
    return {
        "kind": interval.kind,
        "from": _day(interval.period.from_),
        "until": _day(interval.period.until),
        "towards": list(interval.towards),
        "scope": interval.scope,
        "basis": list(interval.basis),
    }


def _dispute(dispute: Dispute) -> JsonObject:
    return {
        "kind": dispute.kind,
        "by": dispute.by,
        "on": dispute.on,
        "closed_on": _day(dispute.period.until),
        "about": dispute.about,
        "against": dispute.against,
        "claims_effective_on": dispute.claims_effective_on,
        "provisions": list(dispute.provisions),
        "position": dispute.position,
    }


def _note(note: Note) -> JsonObject:
    values: JsonObject = dict(note.values)
    return {"kind": note.kind, "on": note.on, "position": note.position, "says": values}


def _span(period: Period | None) -> JsonObject | None:
    return None if period is None else {"from": _day(period.from_), "to": _day(period.until)}


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
