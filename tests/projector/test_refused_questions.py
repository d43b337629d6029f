"""Questions are checked, and refusals say what to change."""

import base64
import json

import pytest
from builders import registered, superseded
from register import Register

TREATY = "questions"


@pytest.fixture(scope="module")
def told(register: Register) -> Register:
    """Tell of a treaty."""
    register.post(registered(), subject=TREATY)
    register.ask("/v1/treaties")
    return register


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("as_of=2020-02-30", "as_of"),
        ("as_of=2020-1-1", "as_of"),
        ("as_of=today", "as_of"),
        ("as_of=0001-01-01", "as_of"),
        ("as_of=9999-12-31", "as_of"),
        ("as_of=2020-01-01T00:00:00Z", "as_of"),
        ("known_at=2020-01-01", "known_at"),
        ("known_at=2020-01-01T00:00:00", "known_at"),
        ("known_at=9999-12-31T23:59:59-12:00", "known_at"),
        ("known_size=-1", "known_size"),
        ("known_size=1e3", "known_size"),
        ("known_size=99999999999999999999", "known_size"),
        ("known_size=1&known_at=2026-01-01T00:00:00Z", "known_size"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=ten", "limit"),
        ("cursor=%00", "cursor"),
        ("cursor=WzFd", "cursor"),
        ("consent=member", "consent"),
        ("as-of=2020-01-01", "as-of"),
    ],
)
def test_a_parameter_that_is_not_understood_is_named(told: Register, query: str, name: str) -> None:
    answer = told.get(f"/v1/treaties/{TREATY}/members?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/malformed-parameter"
    assert name in {error["pointer"].removeprefix("/") for error in answer.json()["errors"]}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/treaties/nothing-here",
        "/v1/treaties/nothing-here/members",
        "/v1/treaties/..%2f..%2fetc/members",
        "/v1/treaties/%00/members",
        "/v1/treaties/Upper/members",
        f"/v1/treaties/{TREATY}/members/SWE",
        f"/v1/treaties/{TREATY}/members/XXX",
        f"/v1/treaties/{TREATY}/members/nobody",
        "/v1/participants/XXX/treaties",
        "/v1/pending-exits?treaty=nothing-here",
        "/v1/pending-exits?participant=XXX",
        "/v1/nothing",
    ],
)
def test_what_is_not_on_record_is_not_found(told: Register, path: str) -> None:
    answer = told.get(path)

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


def test_a_treaty_whose_registration_was_taken_back_is_said_to_have_been_on_record(told: Register) -> None:
    registration = int(str(told.post(registered(), subject="taken-back")[0]["position"]))
    correction = int(str(told.post(superseded(registration), subject="taken-back")[0]["position"]))

    answer = told.get_applied("/v1/treaties/taken-back/members")

    assert answer.status_code == 404
    assert "the record that registered it was superseded" in answer.json()["detail"]
    assert told.get(f"/v1/treaties/taken-back/members?known_size={registration + 1}").status_code == 200
    told.post(superseded(correction), subject="taken-back")
    assert told.get_applied("/v1/treaties/taken-back/members").status_code == 200


def test_posting_to_the_projector_is_not_a_method_it_knows(told: Register) -> None:
    answer = told.client.post(f"{told.projector}/v1/treaties")

    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


def test_each_kind_of_problem_has_a_page(told: Register) -> None:
    answer = told.get("/problems/projection-behind")

    assert answer.status_code == 200
    assert "503" in answer.text


def test_changes_are_asked_forwards(told: Register) -> None:
    assert told.get("/v1/changes?from_size=1&to_size=0").status_code == 400


@pytest.mark.parametrize("path", ["/v1/anomalies", "/v1/changes", "/v1/pending-exits"])
@pytest.mark.parametrize("first", ["99999999999999999999", "-1", "one", "", "\u0663"])
def test_a_cursor_that_no_answer_gave_is_refused(told: Register, path: str, first: str) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps([[first, "", ""], "2020-01-01", 1]).encode()).decode()

    answer = told.get(path, params={"cursor": cursor})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/cursor"
