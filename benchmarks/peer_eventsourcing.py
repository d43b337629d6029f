"""Record with the Python library `eventsourcing`, in its three ways to use PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from eventsourcing.dcb.api import DCBEvent
from eventsourcing.dcb.postgres_tt import PostgresDCBRecorderTT
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from peer import Fact, Opened

_SECONDS = 30.0


class ApplicationRecorder:
    """Insert with its application recorder, or have the database's own functions do so."""

    def __init__(self, url: str, *, database_functions: bool) -> None:
        self._url = url
        self._database_functions = database_functions
        self._numbers = count(1)

    def native(self, fact: Fact) -> StoredEvent:
        """Return an event of an aggregate."""
        return StoredEvent(
            originator_id=uuid5(NAMESPACE_URL, fact.treaty),
            originator_version=fact.version,
            topic=fact.type,
            state=fact.content,
        )

    @contextmanager
    def opened(self, clients: int) -> Iterator[Opened[StoredEvent]]:
        """Give a recorder with a table of its own."""
        with _datastore(self._url, clients, database_functions=self._database_functions) as datastore:
            recorder = PostgresApplicationRecorder(datastore, events_table_name=f"stored_events_{next(self._numbers)}")
            recorder.create_table()
            yield Opened(recorder.insert_events, partial(_count, datastore, recorder.events_table_name))


class DynamicBoundaryRecorder:
    """Append with its recorder for dynamic consistency boundaries, with the treaty as the tag and no condition."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count(1)

    def native(self, fact: Fact) -> DCBEvent:
        """Return an event with its tag."""
        return DCBEvent(type=fact.type, data=fact.content, tags=[fact.treaty])

    @contextmanager
    def opened(self, clients: int) -> Iterator[Opened[DCBEvent]]:
        """Give a recorder with tables of its own."""
        with _datastore(self._url, clients) as datastore:
            recorder = PostgresDCBRecorderTT(datastore, events_table_name=f"dcb_{next(self._numbers)}")
            recorder.create_table()
            yield Opened(recorder.append, partial(_count, datastore, recorder.events_table_name))


@contextmanager
def _datastore(url: str, clients: int, *, database_functions: bool = False) -> Iterator[PostgresDatastore]:
    """Give a store with a connection for each client, all of them open."""
    address = urlsplit(url)
    datastore = PostgresDatastore(
        dbname=address.path.removeprefix("/"),
        host=address.hostname,
        port=address.port,
        user=address.username,
        password=address.password,
        pool_size=clients,
        enable_db_functions=database_functions,
    )
    try:
        datastore.pool.open(wait=True, timeout=_SECONDS)
        yield datastore
    finally:
        datastore.close()


def _count(datastore: PostgresDatastore, table: str) -> int:
    with datastore.cursor() as cursor:
        cursor.execute(f"SELECT count(*) AS events FROM {table}")  # noqa: S608 - our own name
        return int(cursor.fetchone()["events"])
