"""Tell whether the process lives and whether it can serve."""

from fastapi import APIRouter

from treaty_ledger.http.answered import Health
from treaty_ledger.http.openapi import problems
from treaty_ledger.http.resources import FromLog, FromReads

router = APIRouter(tags=["health"])


@router.get("/livez")
async def livez() -> Health:
    """Tell that the process answers, whatever it depends on."""
    return Health(status="alive")


@router.get("/readyz", responses=problems(503))
async def readyz(reads: FromReads, log: FromLog) -> Health:
    """Tell that the database answers, and that what is recorded gets signed."""
    await reads.size()
    if log.published.trouble is not None:
        raise log.published.trouble
    _ = log.published.signed
    return Health(status="ready")
