"""Check the rows of the read model: what lists show of a treaty, of its members and of what is odd about it."""

import datetime as dt
import json
from dataclasses import replace
from hashlib import sha256

from builders import deposited, facts, folded, notified, registered

from treaty_contracts.canonical import JsonObject
from treaty_projector.bitemporal.rows import AnomalyRow, MembershipRow, StandingRow, TreatyRow, row_bytes
from treaty_projector.bitemporal.rows import standing_rows as rows_of_standing
from treaty_projector.bitemporal.rows import treaty_rows as rows_of_treaty
from treaty_projector.bitemporal.versions import Batch, Change, OpenRows, Version, add_to_digest, digest_of
from treaty_projector.law.anomalies import Anomaly, Reason
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import TreatyState

ENDED: tuple[str, JsonObject] = ("treaty.terminated", {"effective_on": "2010-03-01", "reason": "by_consent"})
ROW = AnomalyRow(2, "premature", "RUS", "Too early.")


def read(document: bytes) -> JsonObject:
    found: JsonObject = json.loads(document)
    return found


def treaty_row(state: TreatyState) -> TreatyRow:
    (found,) = rows_of_treaty(state)
    assert isinstance(found, TreatyRow)
    return found


def changes(*events: tuple[str, JsonObject]) -> list[list[Change]]:
    """Return the changes that each event brings, in order."""
    folding, rows = Folding("test", successions={}), OpenRows("test")
    found = []
    for size, each in enumerate(facts(events), start=1):
        folding.step(each)
        found.append(rows.advance(folding, size))
    return found


def test_a_list_shows_a_treaty_by_its_titles_kind_and_days() -> None:
    found = treaty_row(folded(registered(title="Treaty on Open Skies", short_title="Open Skies"), ENDED))

    assert (found.title, found.short_title, found.kind) == ("Treaty on Open Skies", "Open Skies", "multilateral")
    assert (found.in_force_from, found.terminated_on) == (dt.date(2000, 1, 1), dt.date(2010, 3, 1))


def test_the_row_of_a_treaty_holds_its_document() -> None:
    assert read(treaty_row(folded(registered(adopted_at="Helsinki"))).document)["adopted_at"] == "Helsinki"


def test_a_treaty_that_is_not_on_the_books_has_no_row() -> None:
    assert list(rows_of_treaty(folded(deposited("RUS", "2001-01-01")))) == []


def test_the_row_of_a_standing_holds_its_document() -> None:
    standing, *_ = rows_of_standing(folded(registered(), deposited("RUS", "2001-01-01")).standings["RUS"])

    assert isinstance(standing, StandingRow)
    assert read(standing.document)["exits"] == []


def test_a_membership_row_shows_the_stage_of_an_exit_on_the_days_it_was_pending() -> None:
    state = folded(registered(), deposited("RUS", "2001-01-01"), notified("RUS", "2020-05-22"))

    found = [row for row in rows_of_standing(state.standings["RUS"]) if isinstance(row, MembershipRow)]

    assert [(row.participant, str(row.valid_from), row.consent, row.exit_stage) for row in found] == [
        ("RUS", "2001-01-01", "contracting", None),
        ("RUS", "2001-01-31", "party", None),
        ("RUS", "2020-05-22", "party", "notified"),
        ("RUS", "2021-05-22", "former", None),
    ]
    assert [str(row.valid_to) for row in found] == ["2001-01-31", "2020-05-22", "2021-05-22", "None"]


def test_an_odd_fact_has_a_row_that_says_why() -> None:
    state = folded(registered(), notified("RUS", "2020-05-22"))

    found = [row for row in rows_of_standing(state.standings["RUS"]) if isinstance(row, AnomalyRow)]

    assert found == [
        AnomalyRow(
            1,
            "not_a_party",
            "RUS",
            "The participant was not a party on that day, so there was no membership to end.",
        )
    ]


def test_the_bytes_of_a_row_hold_every_field_of_it() -> None:
    row = MembershipRow("RUS", dt.date(2001, 1, 31), None, "party", None, b"{}", None)

    assert json.loads(row_bytes(row)) == {
        "row": "membership",
        "participant": "RUS",
        "valid_from": "2001-01-31",
        "valid_to": None,
        "consent": "party",
        "exit_stage": None,
        "document": {},
    }


def test_the_digest_is_what_anybody_can_reckon_from_the_rows() -> None:
    opened, closed = Change("open-skies", ROW, 3, opens=True), Change("open-skies", ROW, 5, opens=False)
    terms = [
        int.from_bytes(sha256(sign + b"\x00" + size + b"\x00open-skies\x00" + row_bytes(ROW)).digest(), "big")
        for sign, size in [(b"+", b"3"), (b"-", b"5")]
    ]

    total = add_to_digest(add_to_digest(bytes(32), opened), closed)

    assert total == (sum(terms) % 2**256).to_bytes(32, "big")
    assert digest_of(total) == sha256(b"treaty read model 2\x00" + total).hexdigest()


def test_a_batch_that_opens_and_closes_a_row_writes_it_once_closed() -> None:
    batch = Batch()

    batch.add(Change("open-skies", ROW, 3, opens=True))
    batch.add(Change("open-skies", ROW, 5, opens=False))

    assert [*batch.inserts.values()] == [Version("open-skies", ROW, 3, 5)]
    assert batch.closings == []


def test_a_batch_closes_a_row_of_an_earlier_batch_by_what_it_is_about() -> None:
    batch = Batch()

    batch.add(Change("open-skies", ROW, 5, opens=False))

    (closing,) = batch.closings
    assert (closing.treaty, closing.row, closing.known_to) == ("open-skies", ROW, 5)
    assert batch.inserts == {}


def test_a_fact_of_a_participant_opens_rows_of_that_participant_alone() -> None:
    _, _, third = changes(registered(), deposited("RUS", "2001-01-01"), deposited("USA", "2001-01-01"))

    assert {(change.treaty, change.at, change.opens) for change in third} == {("test", 3, True)}
    assert {change.row.key[1] for change in third} == {"USA"}


def test_the_rows_of_a_treaty_and_of_its_members_change_together() -> None:
    *_, last = changes(registered(), deposited("RUS", "2001-01-01"), ENDED)

    assert {change.row.key[0] for change in last if not change.opens} == {"treaty", "membership", "standing"}
    assert {change.opens for change in last} == {True, False}


def test_what_is_odd_about_the_treaty_itself_has_a_row_that_names_nobody() -> None:
    odd = Anomaly(3, Reason.TREATY_ENDED, None, "The treaty had ended by that day.")
    state = replace(folded(registered()), anomalies=(odd,))

    assert [*rows_of_treaty(state)][1:] == [AnomalyRow(3, "treaty_ended", "", "The treaty had ended by that day.")]
