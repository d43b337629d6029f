"""Say in one line what a change in the record means, as a newsroom would."""

from __future__ import annotations

from collections.abc import Sequence

from treaty_projector.publishing.shapes import ChangeDocument, ExitDocument, MembershipDocument, SpellDocument

_NOTHING: MembershipDocument = {"spells": [], "exits": []}
_ENDED = frozenset({"former", "none"})

_STAGES = {
    "notified": "notice of withdrawal from {title}, without a day of effect",
    "held": "exit from {title} held by an armed conflict",
    "contested": "notice of withdrawal from {title} said to be suspended",
    "premature": "notice of withdrawal from {title} came too early and counts for nothing",
    "revoked": "notice of withdrawal from {title} taken back",
    "superseded": "exit from {title} overtaken",
}


def headline(change: ChangeDocument) -> str:
    """Return who stands how to which treaty after a change, and what is new about it."""
    return f"{change['name']}: {_news(change)}"


def standing(membership: MembershipDocument | None) -> str:
    """Return how somebody stands, as all spells together say it, whatever day it is."""
    spells = [] if membership is None else membership["spells"]
    bound = [number for number, spell in enumerate(spells) if spell["consent"] not in _ENDED]
    if not bound:
        return "not a party"
    return _span(spells[bound[-1]])


def _news(change: ChangeDocument) -> str:
    before, after, title = change["before"] or _NOTHING, change["after"] or _NOTHING, change["title"]
    stands, stood = standing(after), standing(before)
    moved = _moved_exit(before["exits"], after["exits"])
    if moved is None or (moved["stage"] == "effective" and stands != stood):
        return f"{'still ' if stands == stood else ''}{stands} to {title}"
    if moved["stage"] == "effective":
        return f"still {stands} to {title}"
    says = _STAGES.get(moved["stage"], "exit from {title}").replace("{title}", title)
    return f"{says}; {stands}"


def _moved_exit(before: Sequence[ExitDocument], after: Sequence[ExitDocument]) -> ExitDocument | None:
    """Return the last exit that is new, or of which something else than its basis changed."""
    known = [_essence(exit_) for exit_ in before]
    moved = [exit_ for exit_ in after if exit_["scope"] is None and _essence(exit_) not in known]
    return moved[-1] if moved else None


def _essence(exit_: ExitDocument) -> tuple[str, str | None, str | None, str | None]:
    return exit_["stage"], exit_["notified_on"], exit_["effective_on"], exit_["closed_on"]


def _span(spell: SpellDocument) -> str:
    if spell["until"] is not None:
        return f"{spell['consent']} until {spell['until']}"
    return f"{spell['consent']} since {spell['from']}"
