"""An answer is compressed as the client asks, and its tag is that of the bytes that were sent."""

import gzip
from collections.abc import Callable, Mapping

import httpx
import pytest
import zstandard
from builders import deposited, registered
from register import Register

from treaty_projector.http.codings import GZIP, IDENTITY, ZSTD, coding_for

TREATY = "codings"
PATHS = [f"/v1/treaties/{TREATY}/members?as_of=2020-01-01", f"/v1/treaties/{TREATY}/members", "/v1/treaties?limit=500"]
DECODE: Mapping[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "zstd": zstandard.ZstdDecompressor().decompress,
}
LARGE, SMALL = b"x" * 2_000, b"x"


@pytest.fixture(scope="module")
def told(register: Register) -> Register:
    register.post(
        registered(),
        *(deposited(code, "2001-01-01") for code in ("AUT", "BEL", "CHE", "DNK", "FIN", "FRA", "GBR", "NOR")),
        subject=TREATY,
    )
    for number in range(8):
        register.post(registered(title="A treaty of which there are several"), subject=f"{TREATY}-{number}")
    register.ask("/v1/treaties")
    return register


def fetch(register: Register, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """Return an answer with its bytes as they were sent."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with register.client.stream("GET", register.projector + path, headers=names) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", IDENTITY),
        ("gzip", GZIP),
        ("x-gzip", GZIP),
        ("gzip, deflate, br, zstd", ZSTD),
        ("GZIP", GZIP),
        ("gzip;q=1, zstd;q=0.9", GZIP),
        ("zstd ; q=0.5 , gzip ; q=0.4", ZSTD),
        ("gzip;q=0", IDENTITY),
        ("gzip;q=0, *", IDENTITY),
        ("*", GZIP),
        ("*;q=0", IDENTITY),
        ("identity;q=1, gzip;q=0.5", IDENTITY),
        ("identity;q=0.5, gzip;q=0.5", GZIP),
        ("identity", IDENTITY),
        ("br", IDENTITY),
        ("gzip;q=2", IDENTITY),
        ("gzip;q=nan", IDENTITY),
        ("gzip;level=9", IDENTITY),
        (";;,q=,", IDENTITY),
    ],
)
def test_the_client_chooses_how_it_is_answered(accepted: str, coding: str) -> None:
    assert coding_for(LARGE, accepted.encode()) == coding


@pytest.mark.parametrize(("accepted", "coding"), [("gzip, zstd", IDENTITY), ("identity;q=0, gzip", GZIP)])
def test_a_short_answer_is_compressed_only_for_who_takes_no_other(accepted: str, coding: str) -> None:
    assert coding_for(SMALL, accepted.encode()) == coding


@pytest.mark.parametrize("path", PATHS)
def test_every_coding_says_the_same_under_a_tag_of_its_own(told: Register, path: str) -> None:
    found = {coding: fetch(told, path, Accept_Encoding=coding) for coding in DECODE}

    assert {answer.headers.get("content-encoding", "identity") for answer, _ in found.values()} == set(DECODE)
    assert len({DECODE[coding](body) for coding, (_, body) in found.items()}) == 1
    assert len({answer.headers["etag"] for answer, _ in found.values()}) == len(DECODE)
    assert len(found["gzip"][1]) < len(found["identity"][1])
    for answer, body in found.values():
        assert "Accept-Encoding" in answer.headers["vary"]
        assert answer.headers["content-length"] == str(len(body))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("stored", DECODE)
@pytest.mark.parametrize("now", DECODE)
def test_whoever_has_the_answer_in_any_coding_is_told_that_it_is_still_true(
    told: Register, path: str, stored: str, now: str
) -> None:
    tag = fetch(told, path, Accept_Encoding=stored)[0].headers["etag"]

    for condition in (tag, f"W/{tag}", f'"other", {tag}'):
        answer, body = fetch(told, path, Accept_Encoding=now, If_None_Match=condition)
        assert (answer.status_code, answer.headers["etag"], body) == (304, tag, b"")
    other, _ = fetch(told, path, Accept_Encoding=now, If_None_Match=tag.replace('"', '"0', 1))
    assert other.status_code == 200


@pytest.mark.parametrize(
    "path", [*PATHS, f"/v1/treaties/{TREATY}", "/v1/projection", "/livez", "/v1/treaties/nothing-here", "/nothing"]
)
def test_head_is_answered_like_get_without_the_body(told: Register, path: str) -> None:
    got = told.get(path)
    head = told.client.head(told.projector + path)

    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in got.headers.items() if k != "date"
    }
