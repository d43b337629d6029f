"""Exits that are on record keep the day by which they are listed when the fold begins to write it."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from builders import acted, deposited, folded, leaving, notified, registered, revoked
from database import as_part, fresh_database, make_roles, migrate

from treaty_projector.bitemporal.rows import MembershipRow, standing_rows

PLACES = ("projector_blue", "projector_green")


@pytest.fixture
async def earlier_url(postgres: str, template: str) -> AsyncIterator[str]:
    """Give a database as it was before the migration; with the template come the logins."""
    assert template
    async with fresh_database(postgres) as url:
        made = await asyncio.to_thread(make_roles, url)
        assert made.returncode == 0, made.stderr
        done = await asyncio.to_thread(migrate, as_part(url, "migrate"), "projector", to="0006")
        assert done.returncode == 0, done.stderr
        yield url


def memberships() -> list[MembershipRow]:
    """Return rows of members that stay, leave, signal, take back, and of one whose exit has no day."""
    state = folded(
        registered(leaving(deferred_by_armed_conflict=True)),
        *(deposited(code, "2001-01-01") for code in ("AUT", "BEL", "CHE", "DNK", "NOR")),
        notified("BEL", "2014-12-24"),
        acted("withdrawal.announced", "CHE", announced_on="2012-05-01"),
        notified("CHE", "2013-05-01"),
        revoked("CHE", "2013-06-01"),
        acted("withdrawal.announced", "DNK", announced_on="2012-05-01"),
        acted("armed_conflict.began", "NOR", on="2014-01-01"),
        notified("NOR", "2014-02-01"),
    )
    rows = [row for standing in state.standings.values() for row in standing_rows(standing)]
    return [row for row in rows if isinstance(row, MembershipRow)]


async def test_what_the_database_generated_is_what_the_fold_writes(earlier_url: str) -> None:
    rows = memberships()
    connection = await asyncpg.connect(earlier_url)
    for place in PLACES:
        await connection.copy_records_to_table(
            "membership",
            schema_name=place,
            columns=["treaty", "participant", "valid_from", "known_from", "consent", "exit_stage", "document"],
            records=[("test", r.participant, r.valid_from, 1, r.consent, r.exit_stage, r.document) for r in rows],
        )

    done = await asyncio.to_thread(migrate, as_part(earlier_url, "migrate"), "projector")

    assert done.returncode == 0, done.stderr
    for place in PLACES:
        found = await connection.fetch(f"SELECT participant, valid_from, exit_day FROM {place}.membership")  # noqa: S608 - names of ours
        kept = {(row["participant"], row["valid_from"]): row["exit_day"] for row in found}
        assert kept == {(row.participant, row.valid_from): row.exit_day for row in rows}
        assert {"2012-05-01", "9999-12-31"} < {str(day) for day in kept.values()}
    await connection.close()


async def test_a_release_that_writes_no_day_is_refused(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await connection.execute(
            "INSERT INTO projector_blue.membership (treaty, participant, valid_from, known_from, consent, exit_stage,"
            " document) VALUES ('test', 'AUT', '2001-01-01', 1, 'party', 'notified', '')"
        )
    await connection.close()

    assert refused.value.constraint_name == "an_exit_has_its_day"
