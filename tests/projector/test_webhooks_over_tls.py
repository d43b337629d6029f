"""A receiver is known by the name in its certificate, though its checked address is called."""

import datetime as dt
import ssl
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from projector.receivers import receiving

from treaty_projector.webhooks.addresses import parse_networks
from treaty_projector.webhooks.calls import Caller
from treaty_projector.webhooks.guard import Guard

NAME = "hooks.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for NAME that vouches for itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    made = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(
        key, hashes.SHA256()
    )
    path = Path(tmp_path_factory.mktemp("tls")) / "certificate.pem"
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


async def said_of(target: str, trusted: Path | None) -> str | None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["127.0.0.2"]

    guard = Guard(parse_networks("127.0.0.2"), resolve=resolve)
    tls = ssl.create_default_context(cafile=trusted)
    async with Caller(guard, timeout_seconds=5, plain_http=False, tls=tls) as caller:
        return (await caller.post(target, b"{}", {})).trouble


async def test_the_certificate_must_be_for_the_name_and_from_somebody_trusted(certificate: Path) -> None:
    with receiving("127.0.0.2", certificate=certificate) as receiver:
        port = httpx.URL(receiver.url).port

        assert await said_of(f"https://{NAME}:{port}/", certificate) is None
        assert receiver.received[0].headers["host"] == f"{NAME}:{port}"
        assert "certificate" in str(await said_of(f"https://other.example:{port}/", certificate)).lower()
        assert "certificate" in str(await said_of(f"https://{NAME}:{port}/", None)).lower()
        assert len(receiver.received) == 1
