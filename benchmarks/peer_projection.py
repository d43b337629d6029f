"""Follow recorded events with the projection runner of the Python library `eventsourcing`, on the same PostgreSQL."""

from collections.abc import Mapping, Sequence
from itertools import count
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from figures import Run
from peer import Fact
from psycopg.sql import SQL

_AT_ONCE = 1_000
_SECONDS = 600.0
_numbers = count(1)


class Recorded(Aggregate.Event):  # type: ignore[misc]  # untyped where the peers are not installed
    """Hold a fact as an event of an aggregate, the treaty."""

    type: str
    content: str


class Counts(PostgresTrackingRecorder):  # type: ignore[misc]  # the same
    """Keep how many events of each type there were: as little as a view can hold."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:  # noqa: ANN401 - the library's own
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(SQL("CREATE TABLE IF NOT EXISTS seen (type text PRIMARY KEY, number bigint)"))

    def count(self, type_: str, tracking: Tracking) -> None:
        """Count one more, in one transaction with how far the runner has come."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO seen VALUES (%s, 1) ON CONFLICT (type) DO UPDATE SET number = seen.number + 1", (type_,)
            )


class Counting(Projection[Counts]):  # type: ignore[misc]  # the same
    """Count events by type."""

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:  # noqa: ANN401 - the library's own
        """Take one event."""
        self.view.count(domain_event.type, tracking)


class Followed:
    """Hold an application whose events a runner follows, from the first to the last, as often as is asked."""

    def __init__(self, url: str, facts: Sequence[Fact]) -> None:
        self._facts = facts
        self._settings = _settings(url)
        application: Application[UUID] = Application(self._settings)
        stored = [application.mapper.to_stored_event(_event(fact)) for fact in facts]
        for start in range(0, len(stored), _AT_ONCE):
            application.recorder.insert_events(stored[start : start + _AT_ONCE])
        application.close()

    def follow(self) -> Run:
        """Return events a second, from the start of a runner that has seen nothing to its last commit."""
        name = f"counting{next(_numbers)}"
        counting = type("Counting", (Counting,), {"name": name})
        began = perf_counter()
        with ProjectionRunner(
            application_class=Application, projection_class=counting, view_class=Counts, env=self._settings
        ) as runner:
            runner.wait(len(self._facts), timeout=_SECONDS)
            return Run(len(self._facts) / (perf_counter() - began))


def _event(fact: Fact) -> Recorded:
    return Recorded(
        originator_id=uuid5(NAMESPACE_URL, fact.treaty),
        originator_version=fact.version,
        timestamp=Recorded.create_timestamp(),
        type=fact.type,
        content=fact.content.decode(),
    )


def _settings(url: str) -> Mapping[str, str]:
    address = urlsplit(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": address.path.removeprefix("/"),
        "POSTGRES_HOST": str(address.hostname),
        "POSTGRES_PORT": str(address.port),
        "POSTGRES_USER": str(address.username),
        "POSTGRES_PASSWORD": str(address.password),
    }
