"""Questions are answered from what is recorded, and answers can be cached and paged."""

import datetime as dt
import json

import pytest
from builders import acted, deposited, notified, registered
from register import Register

TREATY = "questions"


@pytest.fixture(scope="module")
def told(register: Register) -> Register:
    """Tell of four parties, one of them leaving, and of a signatory."""
    register.post(
        registered(short_title="Questions", subjects=["testing"], adopted_on="1999-05", depositaries=["UN"]),
        *(deposited(code, "2001-01-01") for code in ("AUT", "BEL", "CHE", "DNK")),
        acted("signature.affixed", "FIN", signed_on="2000-06-01"),
        notified("DNK", "2020-03-01"),
        acted("withdrawal.announced", "CHE", announced_on="2020-02-01"),
        notified("NOR", "2020-03-01"),
        subject=TREATY,
    )
    return register


def test_counts_tell_who_stands_where_whatever_the_filter_shows(told: Register) -> None:
    answer = told.ask(f"/v1/treaties/{TREATY}/members?as_of=2020-06-01&consent=signatory")

    assert answer["counts"] == {
        "party": 4,
        "contracting": 0,
        "signatory": 1,
        "former": 0,
        "pending_exit": 1,
        "signalled": 1,
    }
    assert isinstance(answer["members"], list)
    assert [m["participant"] for m in answer["members"] if isinstance(m, dict)] == ["FIN"]


def test_a_member_names_its_exit_with_the_days_left_and_its_basis(told: Register) -> None:
    answer = told.ask(f"/v1/treaties/{TREATY}/members/DNK?as_of=2020-06-01")
    current = answer["current"]

    assert isinstance(current, dict)
    assert (current["name"], current["consent"], current["since"], current["until"]) == (
        "Denmark",
        "party",
        "2001-01-31",
        "2021-03-01",
    )
    exit_ = current["exit"]
    assert isinstance(exit_, dict)
    assert (exit_["stage"], exit_["effective_on"], exit_["days_left"], exit_["rule"], exit_["article"]) == (
        "notified",
        "2021-03-01",
        273,
        "period P1Y",
        "10",
    )
    assert current["basis"] == [told.receipts[4]["position"], told.receipts[6]["position"]]


def test_signals_are_listed_apart_with_the_days_since(told: Register) -> None:
    answer = told.ask(f"/v1/pending-exits?treaty={TREATY}&as_of=2020-03-01&stage=signals")["pending_exits"]

    assert isinstance(answer, list)
    assert [(e["participant"], e["stage"], e["since"], e["days_since"]) for e in answer if isinstance(e, dict)] == [
        ("CHE", "announced", "2020-02-01", 29)
    ]


def test_a_notice_by_one_who_is_no_party_is_an_anomaly_and_no_more(told: Register) -> None:
    anomalies = told.ask(f"/v1/anomalies?treaty={TREATY}")["anomalies"]

    assert isinstance(anomalies, list)
    assert [(a["participant"], a["reason"]) for a in anomalies if isinstance(a, dict)] == [("NOR", "not_a_party")]


def test_a_treaty_is_found_by_a_word_of_its_title_and_by_its_subject(told: Register) -> None:
    by_word = told.ask("/v1/treaties?q=qUESTions")["treaties"]
    by_subject = told.ask("/v1/treaties?subject=testing")["treaties"]

    assert by_word == by_subject
    assert isinstance(by_word, list)
    assert [t["treaty"] for t in by_word if isinstance(t, dict)] == [TREATY]


def test_a_treaty_is_told_with_its_clauses_and_an_imprecise_adoption(told: Register) -> None:
    answer = told.ask(f"/v1/treaties/{TREATY}")

    assert (answer["adopted_on"], answer["depositaries"], answer["in_force_from"]) == ("1999-05", ["UN"], "2000-01-01")
    assert isinstance(answer["clauses"], dict)
    assert set(answer["clauses"]) >= {"entry_into_force", "joining", "withdrawal"}


def test_an_unchanged_answer_is_not_sent_again(told: Register) -> None:
    path = f"/v1/treaties/{TREATY}/members?as_of=2020-06-01&known_size={told.size}"
    tag = told.get(path).headers["etag"]

    again = told.get(path, headers={"If-None-Match": f'"other", W/{tag}'})

    assert tag.startswith('"')
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == tag


def test_pages_fit_together_even_when_something_is_recorded_between_them(told: Register) -> None:
    told.ask("/v1/treaties")
    first = told.get(f"/v1/treaties/{TREATY}/members?as_of=2020-06-01&limit=2")
    told.post(deposited("ALB", "2001-01-01"), subject=TREATY)
    told.ask("/v1/treaties")

    following = told.client.get(told.projector + first.links["next"]["url"])

    codes = [m["participant"] for page in (first, following) for m in page.json()["members"]]
    assert codes == ["AUT", "BEL", "CHE", "DNK"]
    assert following.json()["next"] is None


def test_a_client_reads_its_own_write(told: Register) -> None:
    receipt = told.post(registered(), subject="own-write")[0]
    assert told.size == int(str(receipt["position"])) + 1

    answer = told.get_applied("/v1/treaties/own-write")

    assert answer.status_code == 200
    assert int(answer.headers["treaty-log-size"]) >= told.size


def test_entries_that_do_not_exist_yet_are_waited_for_and_then_refused(told: Register) -> None:
    answer = told.get(f"/v1/treaties/{TREATY}/members?min_size={told.size + 1000}")

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/projection-behind"
    assert answer.headers["retry-after"] == "1"


def test_a_registered_participant_is_called_by_the_name_of_the_day(told: Register) -> None:
    told.post(
        (
            "participant.registered",
            {
                "code": "QTEST",
                "kind": "organisation",
                "names": [
                    {"name": "Old Name", "until_on": "2010-01-01"},
                    {"name": "New Name", "from_on": "2010-01-01"},
                ],
            },
        ),
        subject="participants",
    )
    told.post(registered(), deposited("QTEST", "2001-01-01"), subject="with-an-organisation")

    old = told.ask("/v1/treaties/with-an-organisation/members/QTEST?as_of=2005-01-01")["current"]
    new = told.ask("/v1/treaties/with-an-organisation/members/QTEST?as_of=2015-01-01")["current"]

    assert isinstance(old, dict)
    assert isinstance(new, dict)
    assert (old["name"], new["name"], new["kind"]) == ("Old Name", "New Name", "organisation")


def test_the_participant_graph_dates_a_succession_recorded_before_it(told: Register) -> None:
    told.post(registered(), deposited("MNE", "2006-10-23", instrument="succession"), subject="graph")
    before = told.parties("2006-06-03", treaty="graph")

    told.post(
        ("participant.related", {"from": "MNE", "to": "SCG", "relation": "succeeds", "on": "2006-06-03"}),
        subject="participants",
    )

    assert before == set()
    assert told.parties("2006-06-03", treaty="graph") == {"MNE"}
    assert told.parties("2006-06-03", treaty="graph", more=f"&known_size={told.size - 1}") == set()


def test_the_other_direction_lists_where_one_participant_stands(told: Register) -> None:
    answer = told.ask("/v1/participants/FIN/treaties?as_of=2020-06-01")["treaties"]

    assert isinstance(answer, list)
    assert [(t["treaty"], t["consent"]) for t in answer if isinstance(t, dict)] == [(TREATY, "signatory")]


def test_the_history_tells_facts_and_what_followed_from_them(told: Register) -> None:
    answer = told.ask(f"/v1/treaties/{TREATY}/history")["history"]

    assert isinstance(answer, list)
    effects = {(h["type"], h["participant"]): h["effect"] for h in answer if isinstance(h, dict)}
    assert effects["treaty.registered", None] == "the treaty is on the books"
    assert effects["instrument.deposited", "DNK"] == "contracting from 2001-01-01; party from 2001-01-31"
    assert effects["withdrawal.notified", "DNK"] == "exit notified, effective on 2021-03-01"
    assert effects["withdrawal.notified", "NOR"] == "no such effect: not_a_party"
    lines = [(h["on"], h["type"], h["participant"]) for h in answer if isinstance(h, dict)]
    assert ("2020-03-01", "withdrawal.notified", "DNK") in lines
    assert ("2021-03-01", "former", "DNK") in lines
    assert lines.index(("2020-03-01", "withdrawal.notified", "DNK")) < lines.index(("2021-03-01", "former", "DNK"))


def test_the_openapi_document_and_the_figures_are_served(told: Register) -> None:
    assert told.get("/openapi.json").json()["info"]["title"] == "Treaty projector"
    assert "treaty_projector_lag 0.0" in told.get("/metrics").text
    assert told.get("/docs").status_code == 200


def test_an_explanation_leads_from_facts_through_rules_to_the_conclusion(told: Register) -> None:
    answer = told.ask(f"/v1/treaties/{TREATY}/members/DNK/explanation?as_of=2020-06-01")
    because = answer["because"]

    assert isinstance(because, list)
    assert isinstance(answer["conclusion"], dict)
    steps = [(s["position"], s["type"], s["article"], s["says"]) for s in because if isinstance(s, dict)]
    assert steps == [
        (None, None, "VCLT Art. 24(1)", "The treaty entered into force on 2000-01-01."),
        (
            told.receipts[4]["position"],
            "instrument.deposited",
            "VCLT Art. 15, 16(b)",
            "The accession of Denmark counts from 2001-01-01: it has consented to be bound.",
        ),
        (
            told.receipts[4]["position"],
            "instrument.deposited",
            "VCLT Art. 24(3)",
            "By its accession, the treaty is in force for Denmark from 2001-01-31.",
        ),
        (
            told.receipts[6]["position"],
            "withdrawal.notified",
            "10",
            "A notice of withdrawal was received on 2020-03-01; by the rule period P1Y, it takes effect on 2021-03-01.",
        ),
    ]
    assert answer["conclusion"]["says"] == (
        "On 2020-06-01 Denmark is party to questions since 2001-01-31; "
        "exit notified since 2020-03-01, effective on 2021-03-01."
    )


def test_a_fact_without_effect_is_explained_on_its_own_day_and_not_before(told: Register) -> None:
    path = f"/v1/treaties/{TREATY}/members/NOR/explanation"
    because = told.ask(f"{path}?as_of=2030-01-01")["because"]
    assert isinstance(because, list)
    (step,) = (step for step in because if isinstance(step, dict) and step["rule"] == "not_a_party")
    on = step["on"]
    assert isinstance(on, str)
    assert step["type"] == "withdrawal.notified"
    before = told.ask(f"{path}?as_of={dt.date.fromisoformat(on) - dt.timedelta(days=1)}")["because"]
    assert "not_a_party" not in json.dumps(before)
    assert "not_a_party" in json.dumps(told.ask(f"{path}?as_of={on}")["because"])


def test_changes_name_the_record_that_changed_a_membership_and_what_was_known_before(told: Register) -> None:
    notice = told.receipts[6]["position"]
    assert isinstance(notice, int)

    changes = told.ask(f"/v1/changes?from_size={notice}&to_size={notice + 2}&treaty={TREATY}")["changes"]

    assert isinstance(changes, list)
    (change,) = (change for change in changes if isinstance(change, dict))
    assert (change["participant"], change["position"], change["type"]) == ("DNK", notice, "withdrawal.notified")
    before, after = change["before"], change["after"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert isinstance(after["spells"], list)
    assert before["exits"] == []
    assert [(s["consent"], s["until"]) for s in after["spells"] if isinstance(s, dict)] == [
        ("contracting", "2001-01-31"),
        ("party", "2021-03-01"),
        ("former", None),
    ]


def test_changes_end_at_a_size_or_an_instant_like_every_question(told: Register) -> None:
    notice = told.receipts[6]
    position = notice["position"]
    assert isinstance(position, int)
    by_size = told.ask(f"/v1/changes?to_size={position + 1}&treaty={TREATY}&as_of=2015-01-01")

    assert (by_size["as_of"], by_size["to_size"], by_size["known_size"]) == ("2015-01-01", position + 1, position + 1)
    ends = {"known_size": str(position + 1), "known_at": str(notice["recorded_at"])}
    for name, value in ends.items():
        answer = told.get("/v1/changes", params={"treaty": TREATY, "as_of": "2015-01-01", name: value})
        assert answer.json()["changes"] == by_size["changes"]
        assert answer.json()["to_size"] == position + 1
