"""Read how far the two services have come."""

from dataclasses import dataclass

from treaty_contracts.canonical import JsonObject
from treaty_standalone.answers import LogSize, Projection
from treaty_standalone.client import Service
from treaty_standalone.errors import Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Say how far one service has come, or why it does not answer."""

    service: str
    url: str
    size: int | None = None
    lag: int | None = None
    digest: str | None = None
    trouble: str | None = None

    def as_json(self) -> JsonObject:
        """Return the standing as a JSON object."""
        return {"url": self.url, "size": self.size, "lag": self.lag, "digest": self.digest, "trouble": self.trouble}


@dataclass(frozen=True, slots=True)
class Status:
    """Hold the standing of both services."""

    ledger: Standing
    projector: Standing

    @property
    def complete(self) -> bool:
        """Tell whether both services answered."""
        return self.ledger.trouble is None and self.projector.trouble is None

    def as_json(self) -> JsonObject:
        """Return the status as a JSON object."""
        return {"ledger": self.ledger.as_json(), "projector": self.projector.as_json()}


def read_status(ledger: Service, projector: Service) -> Status:
    """Ask both services how far they have come; a silent one is part of the answer."""
    return Status(_ledger(ledger), _projector(projector))


def _ledger(service: Service) -> Standing:
    try:
        size = LogSize.model_validate(service.ask("/v1/events", {"limit": 1})).size
    except Unreachable as error:
        return Standing(service=service.name, url=service.url, trouble=f"does not answer ({error.reason})")
    return Standing(service=service.name, url=service.url, size=size)


def _projector(service: Service) -> Standing:
    try:
        projection = Projection.model_validate(service.ask("/v1/projection"))
    except Unreachable as error:
        return Standing(service=service.name, url=service.url, trouble=f"does not answer ({error.reason})")
    return Standing(
        service=service.name,
        url=service.url,
        size=projection.size,
        lag=projection.lag,
        digest=projection.digest,
    )
