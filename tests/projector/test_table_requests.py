"""A table is asked for by `format` or by Accept, can be named and cached, and is refused with reasons."""

import csv
import io

import httpx
import pyarrow.parquet as pq
import pytest
from builders import deposited, notified, registered
from register import Register

TREATY = "tables"
MEMBERS = f"/v1/treaties/{TREATY}/members"
PARQUET = "application/vnd.apache.parquet"


@pytest.fixture(scope="module")
def told(register: Register) -> Register:
    """Tell of two parties, one of them leaving, and of a treaty whose title looks like a formula."""
    register.post(
        registered(short_title="+1", title="=HYPERLINK(1)"),
        *(deposited(code, "2001-01-01") for code in ("AUT", "BEL")),
        notified("BEL", "2020-03-01"),
        subject=TREATY,
    )
    register.ask("/v1/treaties")
    return register


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("text/csv", "text/csv"),
        ("Text/CSV; header=present", "text/csv"),
        ("application/jsonl", "application/jsonl"),
        ("application/x-ndjson", "application/x-ndjson"),
        (PARQUET, PARQUET),
        ("text/csv, */*;q=0.8", "text/csv"),
        ("text/csv;q=0.4, application/jsonl;q=0.5", "application/jsonl"),
        ("text/csv, application/json", "text/csv"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("text/csv;q=0.5, */*", "application/json"),
        ("text/csv;q=0", "application/json"),
        ("text/csv;q=nan", "application/json"),
        ("application/xml", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
    ],
)
def test_accept_chooses_the_form_and_what_it_does_not_know_is_json(told: Register, accept: str, given: str) -> None:
    answer = told.get(MEMBERS, headers={"Accept": accept})

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == given
    assert "Accept" in answer.headers["vary"].split(", ")


@pytest.mark.parametrize(("form", "given"), [("json", "application/json"), ("csv", "text/csv"), ("parquet", PARQUET)])
def test_format_wins_over_accept(told: Register, form: str, given: str) -> None:
    answer = told.get(f"{MEMBERS}?f%6Frmat={form}", headers={"Accept": "application/jsonl"})

    assert answer.headers["content-type"].partition(";")[0] == given


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("format=xlsx", "format"),
        ("format=CSV", "format"),
        ("format=", "format"),
        ("format=csv&limit=10", "limit"),
        ("format=csv&cursor=WzFd", "cursor"),
        ("format=jsonl&as_of=yesterday", "as_of"),
        ("format=parquet&as-of=2020-01-01", "as-of"),
        ("format=csv&format=csv", "format"),
        ("format=csv&known_size=1&known_at=2026-01-01T00:00:00Z", "known_size"),
    ],
)
def test_a_table_that_is_not_understood_is_refused_by_name(told: Register, query: str, name: str) -> None:
    answer = told.get(f"{MEMBERS}?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/malformed-parameter"
    assert name in {error["pointer"].removeprefix("/") for error in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [
        ("/v1/treaties/nothing-here/members?format=csv", 404, "not-found"),
        ("/v1/treaties/Upper/history?format=csv", 404, "not-found"),
        ("/v1/treaties/%00/history?format=csv", 404, "not-found"),
        ("/v1/participants/nobody/treaties?format=csv", 404, "not-found"),
        ("/v1/participants/XXX/treaties?format=csv", 404, "not-found"),
        ("/v1/memberships?treaty=nothing-here&format=csv", 404, "not-found"),
        (f"{MEMBERS}?format=csv&known_size=0", 404, "before-history"),
        (f"{MEMBERS}?format=csv&known_at=2001-01-01T00:00:00Z", 404, "before-history"),
        (f"{MEMBERS}?format=csv&min_size=1000000", 503, "projection-behind"),
        (f"/v1/treaties/{TREATY}?format=csv", 400, "malformed-parameter"),
        ("/v1/nothing?format=csv", 404, "not-found"),
    ],
)
def test_refusals_of_tables_are_those_of_json(told: Register, path: str, status: int, problem: str) -> None:
    answer = told.get(path)

    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{problem}"


def test_what_is_no_list_stays_json_whatever_is_accepted(told: Register) -> None:
    answer = told.get(f"/v1/treaties/{TREATY}", headers={"Accept": "text/csv"})

    assert answer.headers["content-type"] == "application/json"


def test_a_table_is_only_got(told: Register) -> None:
    assert told.client.post(f"{told.projector}{MEMBERS}?format=csv").status_code == 405


def test_a_file_is_named_after_what_it_holds(told: Register) -> None:
    answer = told.get(f"{MEMBERS}?as_of=2020-08-01&format=csv&known_size=3")

    assert answer.headers["content-disposition"] == f'attachment; filename="{TREATY}-members-2020-08-01-at-3.csv"'
    assert answer.headers["treaty-log-size"] == "3"


def asked_again(told: Register, path: str, tag: str) -> httpx.Response:
    return told.get(path, headers={"If-None-Match": f'"other", W/{tag}'})


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_table_that_the_client_has_is_not_sent_again(told: Register, form: str) -> None:
    path = f"{MEMBERS}?as_of=2020-08-01&format={form}&known_size=3"
    first, again = told.get(path), told.get(path)
    tag = first.headers["etag"]

    assert (again.headers["etag"], again.content) == (tag, first.content)
    assert not tag.startswith("W/")
    known = asked_again(told, path, tag)
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tag)


def test_another_day_size_form_or_filter_is_another_table(told: Register) -> None:
    queries = [
        "as_of=2020-08-01&format=csv&known_size=3",
        "as_of=2020-08-02&format=csv&known_size=3",
        "as_of=2020-08-01&format=csv&known_size=2",
        "as_of=2020-08-01&format=jsonl&known_size=3",
        "as_of=2020-08-01&format=csv&known_size=3&consent=former",
    ]
    tags = {told.get(f"{MEMBERS}?{query}").headers["etag"] for query in queries}

    assert len(tags) == len(queries)


def test_csv_cannot_be_mistaken_for_a_formula_and_the_other_forms_are_exact(told: Register) -> None:
    rows = csv.DictReader(io.StringIO(told.get("/v1/treaties?format=csv").text, newline=""))
    written = next(row for row in rows if row["treaty"] == TREATY)
    assert (written["title"], written["short_title"]) == ("'=HYPERLINK(1)", "'+1")

    parquet = pq.read_table(io.BytesIO(told.get("/v1/treaties?format=parquet").content))
    assert "=HYPERLINK(1)" in parquet["title"].to_pylist()


def test_a_parquet_file_says_which_state_of_the_record_it_holds(told: Register) -> None:
    content = told.get(f"{MEMBERS}?as_of=2020-08-01&format=parquet").content
    projection = told.ask("/v1/projection")
    says = pq.read_schema(io.BytesIO(content)).metadata

    assert (says[b"as_of"], says[b"treaty"]) == (b"2020-08-01", TREATY.encode())
    assert says[b"known_size"].decode() == str(projection["size"])
    assert says[b"root"].decode() == projection["root"]


def test_a_state_of_the_record_that_is_past_has_no_root_in_its_file(told: Register) -> None:
    content = told.get(f"{MEMBERS}?as_of=2020-08-01&format=parquet&known_size=3").content

    assert b"root" not in pq.read_schema(io.BytesIO(content)).metadata


def test_a_table_without_rows_still_names_its_columns(told: Register) -> None:
    path = f"{MEMBERS}?as_of=1900-01-01&consent=former"

    assert told.get(f"{path}&format=csv").text.startswith("treaty,participant,name,")
    assert told.get(f"{path}&format=jsonl").content == b""
    assert pq.read_table(io.BytesIO(told.get(f"{path}&format=parquet").content)).num_rows == 0
