"""Ask the two services over HTTP, and turn what they refuse into errors."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeAlias

import httpx
from pydantic import ValidationError

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.problems import Problem
from treaty_standalone.errors import Refused, Unreachable

SECONDS: Final = 60.0
PAGE: Final = 500
DIRECT: Final = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}

Parameters: TypeAlias = Mapping[str, str | int | None]

_ERROR_NUMBER: Final = re.compile(r"^\[Errno -?\d+\] ")


def open_http() -> httpx.Client:
    """Return a client that asks this machine directly, whatever proxy the environment names for others."""
    return httpx.Client(timeout=SECONDS, mounts=DIRECT)


@dataclass(frozen=True, slots=True)
class Service:
    """Name a service, where it is, and the client to ask it with."""

    name: str
    url: str
    http: httpx.Client
    key: str | None = field(default=None, repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """Return the header that says who asks."""
        return {"Authorization": f"Bearer {self.key}".encode("ascii", "replace").decode()} if self.key else {}

    def ask(self, path: str, parameters: Parameters | None = None) -> JsonObject:
        """Return the JSON object at `path`; parameters that are None are left out. Raises Refused, Unreachable."""
        return self.read_object(self.content(path, parameters))

    def content(self, path: str, parameters: Parameters | None = None) -> bytes:
        """Return the bytes at `path`; parameters that are None are left out. Raises Refused, Unreachable."""
        given = {name: value for name, value in (parameters or {}).items() if value is not None}
        try:
            response = self.http.get(self.url.rstrip("/") + path, params=given, headers=self.headers)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise self.unreachable(error) from error
        if response.status_code != HTTPStatus.OK:
            raise self.refusal(response)
        return response.content

    def ask_all(self, path: str, rows: str, parameters: Parameters | None = None) -> JsonObject:
        """Return a list's first page with the `rows` of every later page added to it."""
        whole = self.ask(path, {"limit": PAGE, **(parameters or {})})
        collected = _rows(whole, rows)
        cursor = whole.get("next")
        while isinstance(cursor, str):
            page = self.ask(path, {"limit": PAGE, **(parameters or {}), "cursor": cursor})
            collected += _rows(page, rows)
            cursor = page.get("next")
        return {**whole, rows: list(collected), "next": None}

    def read_object(self, content: bytes) -> JsonObject:
        """Return the JSON object that the service wrote; raises Unreachable when somebody else answered."""
        try:
            value: JSON = json.loads(content)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise Unreachable(self.name, self.url, reason="what answers there is another service")
        return value

    def is_alive(self) -> bool:
        """Tell whether the service answers."""
        return self._is_well("/livez")

    def is_ready(self) -> bool:
        """Tell whether the service says that it is ready."""
        return self._is_well("/readyz")

    def _is_well(self, probe: str) -> bool:
        try:
            return self.http.get(self.url.rstrip("/") + probe).status_code == HTTPStatus.OK
        except httpx.TransportError:
            return False

    def refusal(self, response: httpx.Response) -> Refused | Unreachable:
        """Return the error that a response without success stands for."""
        try:
            problem = Problem.model_validate_json(response.content)
        except ValidationError:
            return Unreachable(self.name, self.url, reason=f"HTTP status {response.status_code}")
        if problem.type.endswith("/unavailable"):
            return Unreachable(self.name, self.url, reason=f"{problem.title}: {problem.detail}")
        return Refused(problem)

    def unreachable(self, error: Exception) -> Unreachable:
        """Return the error that a broken connection stands for."""
        return Unreachable(self.name, self.url, reason=_ERROR_NUMBER.sub("", str(error)) or type(error).__name__)


def _rows(page: JsonObject, name: str) -> list[JsonObject]:
    rows = page.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
