"""Read docker-compose.yml as far as tests look at it."""

import yaml
from database import ROOT
from pydantic import BaseModel, ConfigDict


class Described(BaseModel):
    """Be a part of the compose file, as far as these tests look at it."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class HealthCheck(Described):
    """Hold the command that tells whether a container is well."""

    test: tuple[str, ...]


class Service(Described):
    """Describe one container."""

    image: str
    user: str
    command: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    secrets: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    healthcheck: HealthCheck | None = None
    restart: str
    read_only: bool = False
    cap_drop: tuple[str, ...] = ()


class Compose(Described):
    """Describe all containers."""

    services: dict[str, Service]


def compose() -> Compose:
    """Return what docker-compose.yml describes."""
    return Compose.model_validate(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))
