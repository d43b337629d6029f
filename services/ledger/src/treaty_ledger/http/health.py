"""Tell whether the process lives and whether it can serve."""

from typing import Annotated

from fastapi import APIRouter, Query

from treaty_ledger.errors import DatabaseUnavailable, LedgerError, NotAlive, NotMigrated, NotReady, NotSignedYet
from treaty_ledger.http.answered import Health
from treaty_ledger.http.openapi import problems
from treaty_ledger.http.parameters import NoQuery
from treaty_ledger.http.resources import FromInstruments, FromLog, FromReads

router = APIRouter(tags=["health"])


@router.get("/livez", responses=problems(400, 503))
async def livez(instruments: FromInstruments, _query: Annotated[NoQuery, Query()]) -> Health:
    """Tell that the process answers and that its loops turn, whatever it depends on."""
    if faults := instruments.pulse.faults():
        raise NotAlive(faults)
    return Health(status="alive")


@router.get("/readyz", responses=problems(400, 503))
async def readyz(reads: FromReads, log: FromLog, _query: Annotated[NoQuery, Query()]) -> Health:
    """Tell that the database answers, and that what is recorded gets signed; else what is missing, a line each."""
    missing: list[tuple[str, LedgerError]] = []
    try:
        await reads.require_ready()
    except DatabaseUnavailable as error:
        missing.append(("database", error))
    except NotMigrated as error:
        missing.append(("migration", error))
    if log.published.trouble is not None:
        missing.append(("signing", log.published.trouble))
    elif not log.published.has_begun:
        missing.append(("signing", NotSignedYet()))
    if missing:
        raise NotReady(missing)
    return Health(status="ready")


# Load balancers ask for the head alone. The document would name one operation twice.
for path, endpoint in (("/livez", livez), ("/readyz", readyz)):
    router.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)
