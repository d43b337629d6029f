"""Bytes that two readers might take for different requests are refused, and the connection with them."""

import pytest
from database import RunningService
from door.wire import Address, problem_in

HOST = b"Host: register\r\n"
GET = b"GET /livez HTTP/1.1\r\n" + HOST
POST = b"POST /v1/events HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
INNER = b"GET /v1/events HTTP/1.1\r\n" + HOST + b"\r\n"

SHAPES = {
    "both lengths": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both lengths, the other way": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 4\r\nContent-Length: 40\r\n\r\n0000",
    "two equal lengths": POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\n0000",
    "a list of lengths": POST + b"Content-Length: 4, 4\r\n\r\n0000",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n",
    "a length with a sign": POST + b"Content-Length: +4\r\n\r\n0000",
    "a length in hexadecimal": POST + b"Content-Length: 0x4\r\n\r\n0000",
    "a length beyond numbers": POST + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n0000",
    "a space before the colon": POST + b"Content-Length : 4\r\n\r\n0000",
    "a space before a header": GET + b" X-Folded: 1\r\n\r\n",
    "a folded line": GET + b"X-Folded: 1\r\n 2\r\n\r\n",
    "a bare line feed": b"GET /livez HTTP/1.1\n" + HOST + b"\r\n",
    "a bare line feed between headers": GET + b"X-A: 1\nX-B: 2\r\n\r\n",
    "a bare carriage return": GET + b"X-A: 1\rX-B: 2\r\n\r\n",
    "a NUL in a header": GET + b"X-A: a\x00b\r\n\r\n",
    "a header without a colon": GET + b"X-A\r\n\r\n",
    "a header without a name": GET + b": 1\r\n\r\n",
    "a coding that is unknown": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a coding that ends unchunked": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a coding written oddly": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a coding in HTTP/1.0": POST.replace(b"/1.1", b"/1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk without a size": CHUNKED + b"\r\n{}\r\n0\r\n\r\n",
    "a chunk size that is none": CHUNKED + b"z\r\n{}\r\n0\r\n\r\n",
    "a negative chunk size": CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
    "a chunk size with a prefix": CHUNKED + b"0x2\r\n{}\r\n0\r\n\r\n",
    "a chunk size beyond numbers": CHUNKED + b"f" * 17 + b"\r\n{}\r\n0\r\n\r\n",
    "a chunk longer than its size": CHUNKED + b"1\r\n{}\r\n0\r\n\r\n",
    "a chunk ended by a line feed": CHUNKED + b"2\n{}\n0\n\n",
    "a chunk with an endless extension": CHUNKED + b"2;" + b"x" * 40_000,
    "no host": b"GET /livez HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: other\r\n\r\n",
    "two types": POST + b"Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
    "two credentials": GET + b"Authorization: a\r\nAuthorization: b\r\n\r\n",
    "two conditions": POST + b'If-Match: "1"\r\nIf-Match: "2"\r\nContent-Length: 2\r\n\r\n{}',
    "an address with a space": b"GET /livez /readyz HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address in raw bytes": b"GET /\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address with a NUL": b"GET /livez\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "no address": b"GET  HTTP/1.1\r\n" + HOST + b"\r\n",
    "an address of another kind": b"CONNECT register:80 HTTP/1.1\r\n" + HOST + b"\r\n",
    "another version": b"GET /livez HTTP/1.2\r\n" + HOST + b"\r\n",
    "a version of two digits": b"GET /livez HTTP/11.1\r\n" + HOST + b"\r\n",
    "no version": b"GET /livez\r\n" + HOST + b"\r\n",
    "a method that is none": b"G\x01T /livez HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method of ours": b"RECORD /livez HTTP/1.1\r\n" + HOST + b"\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": bytes.fromhex("16030100a5010000a10303") + b"\x00" * 100,
    "nothing of the kind": b"\xff" * 100,
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_an_ambiguous_request_is_refused_with_all_that_follows_it(address: Address, shape: str) -> None:
    answer = await address.told(SHAPES[shape], INNER)
    assert problem_in(answer) == "malformed-request"


@pytest.mark.parametrize("shape", SHAPES)
async def test_an_ambiguous_request_in_one_piece_is_refused_too(address: Address, shape: str) -> None:
    answer = await address.told(SHAPES[shape] + INNER)
    assert problem_in(answer) == "malformed-request"


async def test_what_follows_an_answer_that_is_due_is_not_answered_in_its_place(address: Address) -> None:
    answer = await address.told(GET + b"\r\n" + b"\xff" * 100)
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b"malformed-request" not in answer


async def test_a_refusal_is_heard_while_the_client_still_sends(address: Address) -> None:
    answer = await address.told(SHAPES["two lengths"], *[b"x" * 1_000] * 200)
    assert problem_in(answer) == "malformed-request"


async def test_headers_after_a_body_are_dropped(ledger: Address) -> None:
    body = b"2\r\n{}\r\n0\r\nContent-Type: text/plain\r\nIf-Match: x\r\n\r\n"
    async with ledger.connected() as connection:
        await connection.send(CHUNKED + body)
        status, _ = await connection.answer()
    assert status == 422


async def test_a_request_to_speak_another_protocol_is_answered_in_this_one(address: Address) -> None:
    for protocol in (b"websocket", b"h2c"):
        async with address.connected() as connection:
            await connection.send(GET + b"Connection: Upgrade\r\nUpgrade: " + protocol + b"\r\n\r\n" + GET + b"\r\n")
            assert [(await connection.answer())[0] for _ in range(2)] == [200, 200]


async def test_requests_one_after_the_other_are_answered_in_order(address: Address) -> None:
    other = GET.replace(b"livez", b"problems/not-found")
    async with address.connected() as connection:
        await connection.send((GET + b"\r\n" + other + b"\r\n") * 50)
        answers = [await connection.answer() for _ in range(100)]
    assert {status for status, _ in answers} == {200}
    assert [b"alive" in body for _, body in answers] == [True, False] * 50


async def test_many_refusals_are_few_lines_in_the_log(service: RunningService) -> None:
    address = Address.of(service)
    for _ in range(30):
        await address.told(b"\xff\r\n\r\n")
    lines = service.log.read_text().splitlines()
    assert sum("at the door" in line for line in lines) == 1
    assert not any("Invalid HTTP request" in line or "Unsupported upgrade" in line for line in lines)
