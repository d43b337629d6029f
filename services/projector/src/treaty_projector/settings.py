"""Read the projector's settings from the environment and from files of secrets."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, AliasChoices, Field, PositiveInt, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from treaty_contracts.tlog.notes import Verifier, parse_vkeys
from treaty_door.lines import LineFormat, LineLevel

SECRETS = Path("/run/secrets")
"""Where files of secrets are read from, unless TREATY_SECRETS_DIR names another folder."""


def _place_of_a_log(text: str) -> str:
    """Accept a URL or a folder; say what is wrong with a URL that leads nowhere."""
    parts = urlsplit(text)
    if parts.scheme in {"http", "https"} and not (parts.hostname and parts.port != 0):
        raise ValueError("a URL names a host, and a port from 1 to 65535 if any")
    return text


def _ascii(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().isascii():
        raise ValueError("a key is written in ASCII")
    return secret


def _networks(text: str) -> str:
    """Accept networks with commas between them; say which one is none."""
    for part in text.split(","):
        ip_network(part.strip())
    return text


class ProjectorSettings(BaseSettings):
    """Hold what an operator may set; each name is an environment variable, or a file below `/run/secrets`."""

    model_config = SettingsConfigDict(env_prefix="treaty_projector_", extra="ignore")

    database_url: SecretStr = Field(
        default=SecretStr("postgresql://127.0.0.1:5432/treaty"),
        validation_alias=AliasChoices("treaty_projector_database_url", "treaty_database_url"),
        description="The projector's PostgreSQL 15 or newer; TREATY_DATABASE_URL serves both services.",
    )
    ledger_url: Annotated[str, AfterValidator(_place_of_a_log)] = Field(
        default="http://127.0.0.1:8001",
        description="Where the log is: the ledger, a web server with an export of it, or a folder.",
    )
    log_key: str | None = Field(
        default=None, description="The keys that vouch for the log; unset, those that the log names at first sight."
    )
    ledger_key: Annotated[SecretStr, AfterValidator(_ascii)] | None = Field(
        default=None, description="The API key or token for a ledger whose reads are not public."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8002, ge=1, le=65535, description="The port to listen on.")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[A-Za-z0-9.\-:\[\]]+(/[A-Za-z0-9._~/\-]*[A-Za-z0-9._~\-])?$",
        description="Where clients find this projector, for links in the feed and the calendar.",
    )
    connections: PositiveInt = Field(default=10, description="Database connections for questions.")
    answer_bytes: PositiveInt = Field(
        default=64 * 2**20, description="Memory for answers about who belongs to a treaty now."
    )
    batch: PositiveInt = Field(default=1000, le=10_000, description="Most entries applied in one transaction.")
    shared: bool = Field(
        default=False, description="Whether several workers share the projection: each folds a part of it."
    )
    lease_seconds: float = Field(
        default=15.0, ge=1, le=600, description="How long a worker that shares may be silent before others do its part."
    )
    facts_in_memory: PositiveInt = Field(default=50_000, description="Facts the worker keeps at hand.")
    quarantine_most: PositiveInt = Field(
        default=20, description="Treaties that may be quarantined within 1,000 entries; more stop the projector."
    )
    failpoints: str | None = Field(default=None, description="Where to fail on purpose, for tests alone.")
    poll_seconds: float = Field(default=1.0, gt=0, le=60, description="Longest time between two looks at the ledger.")
    live_streams: PositiveInt = Field(default=500, description="Live streams that may be open.")
    heartbeat_seconds: float = Field(default=15.0, gt=0, description="Longest silence of a live stream.")
    webhook_allow: Annotated[str, AfterValidator(_networks)] | None = Field(
        default=None, description="Networks (CIDR, with commas) that webhooks may lead to beside the public internet."
    )
    webhook_http: bool = Field(default=False, description="Whether webhooks may lead to http URLs: for development.")
    webhook_retry_seconds: str = Field(
        default="5,300,1800,7200,18000,36000,50400,72000,86400",
        pattern=r"^\d{1,7}(\.\d+)?(,\d{1,7}(\.\d+)?)*$",
        description="How long a failed delivery waits before each further attempt; after the last it is given up.",
    )
    webhook_timeout_seconds: float = Field(default=15.0, gt=0, le=60, description="How long a receiver may take.")
    webhooks_at_once: PositiveInt = Field(default=16, le=256, description="Deliveries under way in one process.")
    clients: PositiveInt = Field(default=800, description="Connections of clients that may be open.")
    head_seconds: float = Field(default=10.0, gt=0, description="How long the head of a request may take to arrive.")
    body_seconds: float = Field(default=10.0, gt=0, description="How long a body may take to bring its next KiB.")
    idle_seconds: float = Field(default=30.0, gt=0, description="How long a connection may wait between two requests.")
    stop_seconds: int = Field(default=5, ge=1, description="How long open requests may take to end after SIGTERM.")
    log_format: LineFormat | None = Field(
        default=None, description="`json` or `text`; unset, text to a terminal and JSON to everything else."
    )
    log_level: LineLevel = Field(default="info", description="The least level of lines.")
    slow_seconds: float = Field(default=1.0, gt=0, description="How long an answer may take to begin without a line.")
    blocked_seconds: float = Field(default=5.0, gt=0, description="How long the event loop may stand still.")
    stalled_seconds: float = Field(default=120.0, gt=0, description="How long the worker may be at one thing.")
    ready_lag_seconds: float | None = Field(
        default=None, gt=0, description="How old the last applied entry may be while others wait; any age if unset."
    )
    unread_seconds: float = Field(default=60.0, gt=0, description="How long a client may leave an answer unread.")

    @property
    def log_keys(self) -> tuple[Verifier, ...]:
        """Return the keys that vouch for the log, as far as they are set."""
        return parse_vkeys(self.log_key or "")

    @field_validator("log_key")
    @classmethod
    def _is_readable(cls, text: str | None) -> str | None:
        parse_vkeys(text or "")
        return text


def load_settings() -> ProjectorSettings:
    """Return the settings; raise pydantic's ValidationError for a value that is not understood."""
    folder = Path(os.environ.get("TREATY_SECRETS_DIR", SECRETS))
    return ProjectorSettings(_secrets_dir=folder if folder.is_dir() else None)
