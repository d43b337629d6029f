"""Read the ledger's settings from the environment, or from files of secrets named like the variable in lower case."""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from treaty_door.lines import LineFormat, LineLevel

SECRETS = Path("/run/secrets")
"""Where files of secrets are read from, unless TREATY_SECRETS_DIR names another folder."""


class Settings(BaseSettings):
    """Configure one ledger process. Each setting is the environment variable TREATY_LEDGER_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="TREATY_LEDGER_",
        frozen=True,
        extra="ignore",
        use_attribute_docstrings=True,
    )

    database_url: Annotated[
        SecretStr, Field(validation_alias=AliasChoices("treaty_ledger_database_url", "treaty_database_url"))
    ]
    """postgresql://user:password@host:port/name of PostgreSQL 15 or newer; TREATY_DATABASE_URL serves both services."""

    host: str = "127.0.0.1"
    """The address to listen on; 0.0.0.0 for all."""

    port: Annotated[int, Field(ge=0, le=65_535)] = 8001
    """The port to listen on."""

    state_dir: Path = Path(".data/ledger")
    """The folder of the signing keys and of the guard that knows what was signed last; each log has its own in it."""

    signing_key: SecretStr | None = None
    """The keys that sign the log, one a line, where they are a secret and no file in TREATY_LEDGER_STATE_DIR."""

    origin: str | None = None
    """The name that a new log gets, such as treaties.example.org/log; a random one where none is given."""

    read_connections: Annotated[int, Field(ge=1, le=200)] = 8
    """How many database connections serve reads. Appending, signing and listening have one more each."""

    read_wait_seconds: Annotated[float, Field(gt=0)] = 2.0
    """How long a read waits for a connection before it is answered 503."""

    authentication: Literal["required", "none"] | None = None
    """Whether a writer must say who it is: `required`, or `none` for a ledger that only this machine reaches.

    Unset, it is required unless the ledger listens on loopback and none of the settings below speaks of who may ask.
    """

    public_reads: bool = True
    """Whether anybody may read; otherwise reading takes the scope `events:read` or `admin`."""

    oidc_issuer: str | None = None
    """The issuer (`iss`) whose access tokens are accepted; with it go the audience and the address of its keys."""

    oidc_audience: str | None = None
    """What an access token must be for (`aud`)."""

    oidc_jwks_url: str | None = None
    """Where the issuer's keys are (JSON Web Key Set)."""

    token_lifetime_seconds: Annotated[int, Field(ge=60, le=86_400)] = 3_600
    """The longest life (`exp` minus `iat`) of an access token that is accepted."""

    events_per_second: Annotated[float, Field(ge=0)] = 0.0
    """How many events a second one principal may record in the long run; 0 for any number."""

    events_burst: Annotated[int, Field(ge=1)] = 1_000
    """How many events a principal may record at once before EVENTS_PER_SECOND holds it back."""

    queued_requests: Annotated[int, Field(ge=1)] = 4_096
    """How many requests may wait to be recorded; further ones are answered 503."""

    queued_bytes: Annotated[int, Field(ge=1)] = 64 * 2**20
    """How many bytes of events may wait to be recorded; further requests are answered 503."""

    append_wait_seconds: Annotated[float, Field(gt=0)] = 10.0
    """How long a request may wait for its turn to be recorded; then it is answered 503 and nothing is written."""

    live_streams: Annotated[int, Field(ge=1)] = 500
    """How many live streams may be open; further ones are answered 503."""

    heartbeat_seconds: Annotated[float, Field(gt=0, le=30)] = 15.0
    """How long a live stream stays silent before a comment shows that it is alive, at most half a minute."""

    clients: Annotated[int, Field(ge=1)] = 800
    """How many connections of clients may be open; further ones are answered 503."""

    head_seconds: Annotated[float, Field(gt=0)] = 10.0
    """How long the head of a request may take to arrive; then it is answered 408."""

    body_seconds: Annotated[float, Field(gt=0)] = 10.0
    """How long a body may take to bring its next KiB; then it is answered 408."""

    idle_seconds: Annotated[float, Field(gt=0)] = 30.0
    """How long a connection may stay open between two requests."""

    unread_seconds: Annotated[float, Field(gt=0)] = 60.0
    """How long a client may leave an answer unread while it sends nothing either; then the connection is closed."""

    stop_seconds: Annotated[int, Field(ge=1)] = 10
    """How long open requests may take to end after a request to stop."""

    log_format: LineFormat | None = None
    """How lines are written to stderr: `json` or `text`; unset, text to a terminal and JSON to everything else."""

    log_level: LineLevel = "info"
    """The least level of lines: `debug`, `info`, `warning` or `error`."""

    slow_seconds: Annotated[float, Field(gt=0)] = 1.0
    """How long an answer may take to begin before a line is written about it."""

    blocked_seconds: Annotated[float, Field(gt=0)] = 5.0
    """How long the event loop may stand still before /livez answers 503."""

    stalled_seconds: Annotated[float, Field(gt=0)] = 120.0
    """How long recording, signing or watching may be at one thing before /livez answers 503."""

    failpoints: str | None = None
    """Where to fail on purpose, for tests alone, such as `after-commit:kill:40`; see docs/faults.md."""

    @model_validator(mode="after")
    def _names_an_issuer_as_a_whole(self) -> Self:
        given = (self.oidc_issuer, self.oidc_audience, self.oidc_jwks_url)
        if any(given) and not all(given):
            raise ValueError("set OIDC_ISSUER, OIDC_AUDIENCE and OIDC_JWKS_URL together, or none of them")
        return self

    @property
    def on_loopback(self) -> bool:
        """Tell whether only this machine reaches the ledger, as far as the address tells."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def knows_writers(self) -> bool:
        """Tell whether a writer must say who it is."""
        if self.authentication is not None:
            return self.authentication == "required"
        return not self.on_loopback or self.oidc_issuer is not None or not self.public_reads


def load_settings(**given: str | Path) -> Settings:
    """Return the settings, some of them given; raise pydantic's ValidationError for one that is missing or wrong."""
    folder = Path(os.environ.get("TREATY_SECRETS_DIR", SECRETS))
    return Settings(_secrets_dir=folder if folder.is_dir() else None, **given)  # type: ignore[arg-type]  # pydantic checks them
