"""Give migrations and services a user of their own in the embedded PostgreSQL, with no more rights than each needs."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from treaty_standalone.children import run_to_end
from treaty_standalone.errors import RolesNotMade
from treaty_standalone.places import roles_script
from treaty_standalone.postgres import RunningPostgres

SERVICES = ("ledger", "projector")
PARTS = ("migrate", *SERVICES)


@dataclass(frozen=True, slots=True)
class Logins:
    """Hold the address of the database for each part; a service that is missing keeps to the variables around it."""

    urls: Mapping[str, str]

    def serving(self, service: str, environment: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of a service, with no address of the database but its own."""
        others = {_variable(part) for part in ("admin", *PARTS) if part != service}
        own = {name: value for name, value in environment.items() if name not in others}
        return {**own, **self._of(service)}

    def migrating(self, service: str, environment: Mapping[str, str]) -> dict[str, str]:
        """Return the variables with which the schema of a service is migrated."""
        return {**environment, **(self._of("migrate") if service in self.urls else {})}

    def _of(self, part: str) -> dict[str, str]:
        return {_variable(part): self.urls[part]} if part in self.urls else {}


def make_logins(postgres: RunningPostgres, *, log: Path) -> Logins:
    """Make the users anew, with passwords that only this run knows. Raises RolesNotMade.

    A service whose own variable names a database keeps to that one.
    """
    made = {part: postgres.url(user=f"treaty_{part}", password=secrets.token_hex(24)) for part in PARTS}
    environment = {
        **os.environ,
        "TREATY_ADMIN_DATABASE_URL": postgres.url(),
        **{_variable(part): url for part, url in made.items()},
    }
    if (failed := run_to_end(["python", str(roles_script())], environment, log=log)) is not None:
        raise RolesNotMade(failed, log=log)
    has_its_own = {part for part in SERVICES if os.environ.get(_variable(part))}
    return Logins({part: url for part, url in made.items() if part not in has_its_own})


def _variable(part: str) -> str:
    return f"TREATY_{part.upper()}_DATABASE_URL"
