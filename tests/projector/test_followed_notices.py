"""Whatever is recorded, a notice keeps its name, and its sequence grows with every move."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import orjson
import pytest
from builders import Event
from hypothesis import given
from law.strategies import histories, recorded

from treaty_contracts.canonical import canonical_bytes
from treaty_projector.bitemporal.documents import member_document, standing_document
from treaty_projector.law.fold import fold
from treaty_projector.law.membership import member_rows
from treaty_projector.law.state import Fact, Standing
from treaty_projector.publishing.notices import Notice, Version, notices

pytestmark = pytest.mark.property

A_DAY = dt.timedelta(days=1)
SOURCES = ("urn:a", "urn:b")
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def versions_of(facts: Sequence[Fact]) -> dict[str, list[tuple[Version, Standing | None]]]:
    """Return what was known of each participant after each fact that changed it."""
    versions: defaultdict[str, list[tuple[Version, Standing | None]]] = defaultdict(list)
    known: dict[str, bytes] = {}
    for size in range(1, len(facts) + 1):
        standings = fold("test", facts[:size], successions={}).standings
        for participant in sorted({*standings, *known}):
            standing = standings.get(participant)
            document = canonical_bytes({} if standing is None else standing_document(standing))
            if document != known.get(participant):
                known[participant] = document
                content = {"exits": [], "disputes": None, **orjson.loads(document)}
                version = Version(size, AT, facts[size - 1].type, content["exits"], content["disputes"])
                versions[participant].append((version, standing))
    return versions


def days_of(versions: Sequence[Version]) -> list[dt.date]:
    """Return the days on which something may begin or end, with their neighbours."""
    named = {step["from"] for version in versions for exit_ in version.exits for step in exit_["steps"]}
    named |= {exit_["closed_on"] for version in versions for exit_ in version.exits if exit_["closed_on"]}
    days = {dt.date.fromisoformat(day) for day in named}
    return sorted({day + shift for day in days for shift in (-A_DAY, dt.timedelta(), A_DAY)})


def shown(notice: Notice, day: dt.date) -> object:
    step = notice.on(day)
    return None if step is None else (step.stage, step.day)


@given(histories())
def test_a_notice_keeps_its_name_whatever_is_recorded_later(events: list[Event]) -> None:
    for told in versions_of(recorded(events, sources=SOURCES)).values():
        versions = [version for version, _ in told]
        names: list[int] = []
        for count in range(1, len(versions) + 1):
            later = [notice.position for notice in notices(versions[:count])]
            assert later[: len(names)] == names
            assert len(set(later)) == len(later)
            names = later


@given(histories())
def test_a_sequence_grows_with_every_day_or_record_that_moves_something(
    events: list[Event],
) -> None:
    for told in versions_of(recorded(events, sources=SOURCES)).values():
        versions = [version for version, _ in told]
        days = days_of(versions)
        before: dict[tuple[int, dt.date], tuple[int, object]] = {}
        for count in range(1, len(versions) + 1):
            for notice in notices(versions[:count]):
                yesterday: tuple[int, object] | None = None
                for day in days:
                    now = (notice.sequence(day), shown(notice, day))
                    earlier = before.get((notice.position, day))
                    for then in (yesterday, earlier):
                        if then is not None and then[1] is not None:
                            assert now[0] >= then[0]
                            assert now[0] > then[0] or now[1] == then[1]
                    before[notice.position, day] = yesterday = now


@given(histories())
def test_what_is_pending_is_one_of_the_notices(events: list[Event]) -> None:
    for told in versions_of(recorded(events, sources=SOURCES)).values():
        found = notices([version for version, _ in told])
        standing = told[-1][1]
        for row in () if standing is None else member_rows(standing):
            pending = orjson.loads(canonical_bytes(member_document(row)))["exit"]
            if pending is None or pending["stage"] != "notified" or pending["effective_on"] is None:
                continue
            (the,) = [notice for notice in found if notice.is_the(pending)]
            step = the.on(row.period.from_)
            assert step is not None
            assert (step.stage, step.day) == ("notified", dt.date.fromisoformat(pending["effective_on"]))
