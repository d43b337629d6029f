"""What the table of treaties becomes."""

from pathlib import Path

from importing.tables import Event, action, read, rejected, treaty, write_tables

from treaty_standalone.importing.account import Account
from treaty_standalone.importing.mapping import load_mapping
from treaty_standalone.importing.source import Source
from treaty_standalone.importing.translate import slug


def events_of(folder: Path, *treaties: dict[str, str], actions: tuple[dict[str, str], ...] = ()) -> list[Event]:
    return imported(folder, *treaties, actions=actions)[0]


def imported(
    folder: Path, *treaties: dict[str, str], actions: tuple[dict[str, str], ...] = ()
) -> tuple[list[Event], Account]:
    source, account = Source(*write_tables(folder, actions, treaties), load_mapping()), Account()
    source.survey()
    return [read(proposal.event) for proposal in source.proposals(account)], account


def test_a_treaty_is_registered_without_clauses(tmp_path: Path) -> None:
    row = treaty(adopted_on="1951-07-28", adopted_at="Geneva", depositary="UN", subject="Refugees", kind="Protocol")
    (event,) = events_of(tmp_path, row)
    assert event.type == "treaty.registered"
    assert event.asserted_by == "depositary"
    assert event.tells == {
        "title": "Treaty lake",
        "kind": "protocol",
        "adopted_on": "1951-07-28",
        "adopted_at": "Geneva",
        "depositaries": ["UN"],
        "subjects": ["Refugees"],
    }


def test_a_treaty_of_no_kind_is_multilateral(tmp_path: Path) -> None:
    assert events_of(tmp_path, treaty(kind=""))[0].tells["kind"] == "multilateral"


def test_an_entry_into_force_that_the_table_states_is_a_fact(tmp_path: Path) -> None:
    _, event = events_of(tmp_path, treaty(in_force_on="1954-04-22"))
    assert event.type == "treaty.entered_into_force"
    assert event.tells == {"effective_on": "1954-04-22"}


def test_every_treaty_is_registered_before_the_first_action(tmp_path: Path) -> None:
    types = [
        event.type
        for event in events_of(tmp_path, treaty(), treaty("sea"), actions=(action("FRA", "signature", "1992"),))
    ]
    assert types == ["treaty.registered", "treaty.registered", "signature.affixed"]


def test_a_placeholder_for_the_adoption_is_left_out_and_told(tmp_path: Path) -> None:
    (event,), account = imported(tmp_path, treaty(adopted_on="1900-01-01"))
    assert "adopted_on" not in event.tells
    assert [(remark.row, remark.reason) for remark in account.remarks] == [
        (2, "left out, the day of adoption: the day cannot be used")
    ]


def test_a_placeholder_for_the_entry_into_force_is_rejected_and_the_treaty_is_not(tmp_path: Path) -> None:
    events, account = imported(tmp_path, treaty(in_force_on="9999-12-31"))
    assert [event.type for event in events] == ["treaty.registered"]
    assert rejected(account) == [(2, "the day cannot be used")]


def test_a_treaty_without_a_title_or_of_an_unknown_kind_is_rejected(tmp_path: Path) -> None:
    events, account = imported(tmp_path, treaty(title=""), treaty(kind="pact"), treaty(treaty=""))
    assert events == []
    assert [row for row, _ in rejected(account)] == [2, 3, 4]
    assert [reason.split(":")[0] for _, reason in rejected(account)] == ["/data/title", "/data/kind", "/subject"]


def test_consents_without_a_day_of_effect_are_counted_by_table(tmp_path: Path) -> None:
    rows = (
        action("FRA", "ratification", "1992-05-17"),
        action("CHE", "ratification", "1992-05-17"),
        action("CHE", "entry_into_force", "1993-01-01"),
        action("CHE", "accession", "1992-05-17", treaty="sea"),
        action("AUT", "signature", "1992-05-17"),
    )
    _, account = imported(tmp_path, treaty(), treaty("sea", in_force_on="1993-01-01"), actions=rows)
    assert account.consents.read == 3
    assert account.consents.open == {"lakes": 1}
    assert account.consents.treaties == {"lake"}


def test_actions_under_treaties_that_the_table_lacks_are_named(tmp_path: Path) -> None:
    events, account = imported(tmp_path, treaty(), actions=(action("FRA", "signature", "1992", treaty="sea"),))
    assert len(events) == 2
    assert account.unlisted == {"sea": 1}


def test_the_name_of_a_treaty_becomes_an_id_where_it_is_none() -> None:
    assert slug("untc-26-5") == "untc-26-5"
    assert slug("CETS No. 120") == "cets-no-120"
    assert slug("Übereinkommen über Seen") == "ubereinkommen-uber-seen"


def test_rows_with_more_cells_than_headings_are_rejected(tmp_path: Path) -> None:
    paths = write_tables(tmp_path, [action("FRA", "signature", "1992")])
    for path in paths:
        path.write_text(path.read_text("utf-8").rstrip() + ",shifted\n", encoding="utf-8")
    source, account = Source(*paths, load_mapping()), Account()
    source.survey()
    assert list(source.proposals(account)) == []
    assert rejected(account) == [(2, "the row has more cells than the header")] * 2
