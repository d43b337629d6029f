"""Run an issuer of access tokens: it serves its keys over HTTP and signs whatever a test asks for."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TypeAlias

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as make_elliptic
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as make_rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ISSUER = "https://issuer.test"
AUDIENCE = "urn:test:ledger"
PrivateKey: TypeAlias = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey


@dataclass
class Issuer:
    """Hold the issuer's keys, each named like its algorithm, and what it serves."""

    keys: dict[str, PrivateKey]
    url: str = ""
    asked: int = 0
    silent: bool = False
    served: list[dict[str, object]] = field(default_factory=list)

    def token(self, *, kid: str = "RS256", headers: Mapping[str, object] | None = None, **claims: object) -> str:
        """Sign a token that is right but for what is given; a claim that is None is left out."""
        now = int(time.time())
        right = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ministry", "iat": now, "exp": now + 600}
        payload = {name: value for name, value in (right | claims).items() if value is not None}
        named = {"kid": kid, **(headers or {})}
        given = {name: value for name, value in named.items() if value is not None}
        return jwt.encode(payload, self.keys[kid], algorithm=kid, headers=given)


def public_jwk(key: PrivateKey, **more: object) -> dict[str, object]:
    """Return the public half of a key as a JSON Web Key."""
    match key:
        case RSAPrivateKey():
            described = RSAAlgorithm.to_jwk(key.public_key())
        case EllipticCurvePrivateKey():
            described = ECAlgorithm.to_jwk(key.public_key())
        case _:
            described = OKPAlgorithm.to_jwk(key.public_key())
    return {**json.loads(described), **more}


def make_issuer() -> Issuer:
    """Return an issuer with a key for each algorithm."""
    keys: dict[str, PrivateKey] = {
        "RS256": make_rsa(65_537, 2_048),
        "ES256": make_elliptic(SECP256R1()),
        "EdDSA": Ed25519PrivateKey.generate(),
    }
    return Issuer(keys, served=[public_jwk(key, kid=kid, use="sig") for kid, key in keys.items()])


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """Serve an issuer's keys until the context ends."""
    issuer = make_issuer()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked += 1
            content = b"" if issuer.silent else json.dumps({"keys": issuer.served}).encode()
            self.send_response(503 if issuer.silent else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        issuer.url = f"http://127.0.0.1:{server.server_port}/keys"
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
