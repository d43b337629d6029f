"""Check the problems both services report."""

import pytest

from treaty_contracts.problems import PROBLEMS, FieldProblem, Problem


def test_a_problem_has_one_status() -> None:
    assert {name: problem.status for name, problem in PROBLEMS.items()} == {
        "malformed-json": 400,
        "malformed-parameter": 400,
        "malformed-request": 400,
        "unauthenticated": 401,
        "forbidden": 403,
        "not-found": 404,
        "before-history": 404,
        "request-timeout": 408,
        "event-id-conflict": 409,
        "treaty-already-registered": 409,
        "already-superseded": 409,
        "version-mismatch": 412,
        "too-large": 413,
        "unsupported-media-type": 415,
        "invalid-event": 422,
        "treaty-not-registered": 422,
        "unknown-participant": 422,
        "unknown-event-type": 422,
        "too-many-requests": 429,
        "head-too-large": 431,
        "unavailable": 503,
        "projection-behind": 503,
        "log-inconsistent": 503,
    }


@pytest.mark.parametrize("name", sorted(PROBLEMS))
def test_a_problem_explains_itself(name: str) -> None:
    problem = PROBLEMS[name]
    assert problem.uri == f"/problems/{name}"
    assert problem.title
    assert problem.meaning.endswith(".")


def test_a_problem_may_say_more() -> None:
    kind = PROBLEMS["version-mismatch"]
    problem = Problem.model_validate(
        {"type": kind.uri, "title": kind.title, "status": kind.status, "detail": "The stream is at 7.", "version": 7}
    )
    assert problem.model_dump(exclude_none=True)["version"] == 7
    assert FieldProblem(pointer="/id", detail="write a text").pointer == "/id"
