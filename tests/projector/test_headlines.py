"""A headline says what is new about somebody's membership."""

import json
from typing import cast

import pytest
from builders import Event, acted, ceased, deposited, folded, leaving, notified, registered, revoked

from treaty_contracts.canonical import JSON
from treaty_projector.bitemporal.documents import standing_document
from treaty_projector.publishing.headlines import headline
from treaty_projector.publishing.shapes import ChangeDocument, MembershipDocument

JOINED = deposited("GMB", "2001-01-01")
NOTICE = notified("GMB", "2016-11-10")
EARLY: JSON = {"period": "P20Y", "anchor": "entry_into_force", "early_notice": "void"}
CONFLICT = acted("armed_conflict.began", "GMB", on="2017-06-01")


def membership(*events: Event) -> MembershipDocument | None:
    standing = folded(*events).standings.get("GMB")
    return None if standing is None else cast("MembershipDocument", json.loads(json.dumps(standing_document(standing))))


@pytest.mark.parametrize(
    ("clauses", "before", "new", "expected"),
    [
        (leaving(), [], JOINED, "party since 2001-01-31 to A treaty"),
        (leaving(), [JOINED], NOTICE, "party until 2017-11-10 to A treaty"),
        (
            leaving(),
            [JOINED, NOTICE],
            acted("withdrawal.extended", "GMB", decided_on="2017-01-05", effective_on="2017-12-01"),
            "party until 2017-12-01 to A treaty",
        ),
        (
            leaving(),
            [JOINED, NOTICE],
            revoked("GMB", "2017-02-10"),
            "notice of withdrawal from A treaty taken back; party since 2001-01-31",
        ),
        (leaving(), [JOINED, NOTICE], ceased("GMB", "2017-03-01"), "party until 2017-03-01 to A treaty"),
        (
            leaving(admissible_after=EARLY),
            [JOINED],
            NOTICE,
            "notice of withdrawal from A treaty came too early and counts for nothing; party since 2001-01-31",
        ),
        (
            leaving(deferred_by_armed_conflict=True),
            [JOINED, NOTICE],
            CONFLICT,
            "exit from A treaty held by an armed conflict; party since 2001-01-31",
        ),
    ],
)
def test_a_headline_says_what_is_new(clauses: dict[str, JSON], before: list[Event], new: Event, expected: str) -> None:
    treaty = registered(clauses)
    change: ChangeDocument = {
        "treaty": "test",
        "title": "A treaty",
        "participant": "GMB",
        "name": "Gambia",
        "position": 3,
        "recorded_at": "2026-01-01T00:00:00Z",
        "type": new[0],
        "before": membership(treaty, *before),
        "after": membership(treaty, *before, new),
        "stale": False,
        "stale_since": None,
        "stale_reason": None,
    }

    assert headline(change) == f"Gambia: {expected}"
