"""Which access tokens count, and which do not (RFC 8725, RFC 9068)."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from database import RunningService
from ledger.clock import Clock
from ledger.facts import log_size, post, problem, registered, unique
from ledger.guarded import Guarded, bearer, settings_of
from ledger.issuer import AUDIENCE, Issuer, PrivateKey, public_jwk, running_issuer

from treaty_contracts.envelope import leaf
from treaty_ledger.access.key_sets import KeySet
from treaty_ledger.errors import IssuerUnavailable, Unauthenticated
from treaty_ledger.http.bodies import EVENT_BYTES


def now() -> int:
    """Return the second it is: a run is longer than the lives of some tokens."""
    return int(time.time())


ALLOWED = "openid events:append profile"


def encoded(part: object) -> str:
    """Write a part of a token as it is, right or wrong."""
    content = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(issuer: Issuer) -> str:
    """Write a token that says it needs no signature."""
    return f"{encoded({'alg': 'none', 'kid': 'RS256'})}.{issuer.token(scope=ALLOWED).split('.')[1]}."


def signed_with_the_public_key(issuer: Issuer) -> str:
    """Take the public RSA key for the secret of a symmetric algorithm."""
    key = issuer.keys["RS256"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{encoded({'alg': 'HS256', 'kid': 'RS256'})}.{issuer.token(scope=ALLOWED).split('.')[1]}"
    return f"{signed}.{encoded(hmac.digest(key, signed.encode(), hashlib.sha256))}"


def altered(issuer: Issuer) -> str:
    """Change what a token says after it was signed."""
    head, _, signature = issuer.token(scope="events:read").split(".")
    return f"{head}.{issuer.token(scope=ALLOWED).split('.')[1]}.{signature}"


def of_a_stranger(_: Issuer) -> str:
    """Sign with another key under the name of the issuer's."""
    return Issuer({"RS256": generate_private_key(65_537, 2_048)}).token(scope=ALLOWED)


WRONG: dict[str, Callable[[Issuer], str]] = {
    "alg none": unsigned,
    "HS256 with the public key": signed_with_the_public_key,
    "altered": altered,
    "signed by a stranger": of_a_stranger,
    "no signature": lambda issuer: issuer.token(scope=ALLOWED).rsplit(".", 1)[0] + ".",
    "another audience": lambda issuer: issuer.token(scope=ALLOWED, aud="urn:test:other"),
    "no audience": lambda issuer: issuer.token(scope=ALLOWED, aud=None),
    "another issuer": lambda issuer: issuer.token(scope=ALLOWED, iss="https://other.test"),
    "no issuer": lambda issuer: issuer.token(scope=ALLOWED, iss=None),
    "expired": lambda issuer: issuer.token(scope=ALLOWED, iat=now() - 700, exp=now() - 100),
    "no expiry": lambda issuer: issuer.token(scope=ALLOWED, exp=None),
    "no issue": lambda issuer: issuer.token(scope=ALLOWED, iat=None),
    "issued in the future": lambda issuer: issuer.token(scope=ALLOWED, iat=now() + 600, exp=now() + 700),
    "not valid yet": lambda issuer: issuer.token(scope=ALLOWED, nbf=now() + 600),
    "too long a life": lambda issuer: issuer.token(scope=ALLOWED, exp=now() + 86_400),
    "no subject": lambda issuer: issuer.token(scope=ALLOWED, sub=None),
    "an empty subject": lambda issuer: issuer.token(scope=ALLOWED, sub=""),
    "a subject of several lines": lambda issuer: issuer.token(scope=ALLOWED, sub="a\nb"),
    "a subject that is too long": lambda issuer: issuer.token(scope=ALLOWED, sub="a" * 256),
    "an expiry beyond all clocks": lambda issuer: issuer.token(scope=ALLOWED, exp=10**400),
    "scopes as a number": lambda issuer: issuer.token(scope=7),
    "critical headers": lambda issuer: issuer.token(scope=ALLOWED, headers={"crit": ["exp"]}),
    "an identity token": lambda issuer: issuer.token(scope=ALLOWED, headers={"typ": "logout+jwt"}),
    "an unknown key": lambda issuer: issuer.token(scope=ALLOWED, headers={"kid": "other"}),
    "no key's name": lambda issuer: issuer.token(scope=ALLOWED, headers={"kid": None}),
    "the key of another algorithm": lambda issuer: issuer.token(scope=ALLOWED, headers={"kid": "ES256"}),
    "no JWT": lambda _: "a.b.c",
    "a header without end": lambda _: f"{encoded(b'[' * 100_00)}.e30.e30",
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_token_that_is_wrong_is_refused(guarded: Guarded, issuer: Issuer, name: str) -> None:
    async with guarded.client(WRONG[name](issuer)) as client:
        before = await log_size(client)
        answer = await post(client, registered(unique("token")))
        assert (answer.status_code, problem(answer)) == (401, "unauthenticated"), answer.text
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        assert await log_size(client) == before


RIGHT: dict[str, Callable[[Issuer], str]] = {
    "RS256": lambda issuer: issuer.token(kid="RS256", scope=ALLOWED),
    "ES256": lambda issuer: issuer.token(kid="ES256", scope=ALLOWED),
    "EdDSA": lambda issuer: issuer.token(kid="EdDSA", scope=ALLOWED),
    "of the type of RFC 9068": lambda issuer: issuer.token(scope=ALLOWED, headers={"typ": "at+jwt"}),
    "for us among others": lambda issuer: issuer.token(scope=ALLOWED, aud=["urn:test:other", AUDIENCE]),
    "just expired, for another clock": lambda issuer: issuer.token(scope=ALLOWED, exp=now() - 2),
}


@pytest.mark.parametrize("name", RIGHT)
async def test_a_token_that_is_right_is_accepted(guarded: Guarded, issuer: Issuer, name: str) -> None:
    async with guarded.client(RIGHT[name](issuer)) as client:
        answer = await post(client, registered(unique("token")))
        assert answer.status_code == 201, answer.text
        assert (await client.get(answer.headers["location"])).json()["recorded_by"] == "oidc:ministry"


async def test_a_captured_request_has_no_second_effect(guarded: Guarded, issuer: Issuer) -> None:
    async with guarded.client(issuer.token(scope=ALLOWED)) as client:
        fact = registered(unique("captured"))
        first = await post(client, fact)
        before = await log_size(client)
        again = await post(client, fact)
        assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
        assert again.json() == first.json()
        assert await log_size(client) == before


async def test_a_captured_request_is_refused_once_its_token_has_expired(guarded: Guarded, issuer: Issuer) -> None:
    fact = registered(unique("captured"))
    async with guarded.client(issuer.token(scope=ALLOWED)) as client:
        assert (await post(client, fact)).status_code == 201
        later = bearer(issuer.token(scope=ALLOWED, iat=now() - 700, exp=now() - 100))
        assert problem(await post(client, fact, **later)) == "unauthenticated"


async def test_a_token_without_a_scope_of_ours_may_not_record(guarded: Guarded, issuer: Issuer) -> None:
    for scope in (None, "", "openid events:append:treaty/ events:appendix"):
        async with guarded.client(issuer.token(scope=scope)) as client:
            assert problem(await post(client, registered(unique("token")))) == "forbidden"


async def test_the_scopes_of_a_token_bind_each_event(guarded: Guarded, issuer: Issuer) -> None:
    mine = unique("mine")
    async with guarded.client(issuer.token(scope=f"events:append:treaty/{mine}")) as client:
        assert (await post(client, registered(mine))).status_code == 201
        assert problem(await post(client, registered(unique("other")))) == "forbidden"


@pytest.mark.parametrize("letter", ["a", '"', "é", "\U00010348"])
async def test_the_longest_name_leaves_room_for_the_largest_event_in_a_leaf(
    guarded: Guarded, issuer: Issuer, letter: str
) -> None:
    async with guarded.client(issuer.token(scope=ALLOWED, sub=letter * 255)) as client:
        answer = await post(client, registered(unique("long")))
        assert answer.status_code == 201, answer.text
        recorded = (await client.get(answer.headers["location"])).json()
    written = leaf(b"x" * EVENT_BYTES, recorded["recorded_at"], recorded["recorded_by"])
    assert recorded["recorded_by"] == f"oidc:{letter * 255}"
    assert len(written) < 2**16


async def test_an_issuer_that_is_silent_is_not_the_clients_fault(
    database_url: str, start_ledger: Callable[..., RunningService], own_issuer: Issuer
) -> None:
    own_issuer.silent = True
    service = start_ledger(database_url, **settings_of(own_issuer))
    async with httpx.AsyncClient(base_url=service.base_url) as client:
        token = bearer(own_issuer.token(scope=ALLOWED))
        answer = await post(client, registered(unique("silent")), **token)
        assert (answer.status_code, problem(answer)) == (503, "unavailable")
        assert answer.headers["retry-after"]


@pytest.fixture
def own_issuer() -> Iterator[Issuer]:
    with running_issuer() as running:
        yield running


async def test_keys_are_fetched_once_and_an_unknown_one_asked_for_once_a_minute(own_issuer: Issuer) -> None:
    clock = Clock()
    async with httpx.AsyncClient() as http:
        keys = KeySet(own_issuer.url, http, clock=clock)
        for _ in range(3):
            await keys.key("RS256")
        assert own_issuer.asked == 1
        for seconds, asked in ((1, 1), (58, 1), (2, 2), (1, 2)):
            clock.now += seconds
            with pytest.raises(Unauthenticated):
                await keys.key("made up")
            assert own_issuer.asked == asked


async def test_a_key_that_is_new_or_gone_is_seen(own_issuer: Issuer) -> None:
    clock = Clock()
    async with httpx.AsyncClient() as http:
        keys = KeySet(own_issuer.url, http, clock=clock)
        await keys.key("RS256")
        new: PrivateKey = generate_private_key(65_537, 2_048)
        own_issuer.served = [public_jwk(new, kid="new")]
        clock.now += 61
        await keys.key("new")
        with pytest.raises(Unauthenticated):
            await keys.key("RS256")


async def test_known_keys_outlast_a_silent_issuer_for_an_hour(own_issuer: Issuer) -> None:
    clock = Clock()
    async with httpx.AsyncClient() as http:
        keys = KeySet(own_issuer.url, http, clock=clock)
        await keys.key("RS256")
        own_issuer.silent = True
        clock.now += 3_599
        await keys.key("RS256")
        with pytest.raises(IssuerUnavailable):
            await keys.key("perhaps new")
        clock.now += 2
        with pytest.raises(IssuerUnavailable):
            await keys.key("RS256")


async def test_keys_for_other_uses_do_not_sign_tokens(own_issuer: Issuer) -> None:
    own_issuer.served = [
        {"kty": "oct", "k": encoded(b"x" * 32), "kid": "secret", "alg": "HS256"},
        public_jwk(own_issuer.keys["RS256"], kid="encrypts", use="enc"),
        public_jwk(own_issuer.keys["RS256"], kid="other", alg="RS512"),
        {"kid": "broken"},
    ]
    async with httpx.AsyncClient() as http:
        keys = KeySet(own_issuer.url, http)
        for kid in ("secret", "encrypts", "other", "broken"):
            with pytest.raises(Unauthenticated):
                await keys.key(kid)
