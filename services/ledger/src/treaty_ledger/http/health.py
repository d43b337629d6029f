"""Tell whether the process lives and whether it can serve."""

from fastapi import APIRouter

from treaty_ledger.http.answered import Health
from treaty_ledger.http.openapi import problems
from treaty_ledger.http.resources import FromReads

router = APIRouter(tags=["health"])


@router.get("/livez")
async def livez() -> Health:
    """Tell that the process answers, whatever it depends on."""
    return Health(status="alive")


@router.get("/readyz", responses=problems(503))
async def readyz(reads: FromReads) -> Health:
    """Tell that the database answers."""
    await reads.size()
    return Health(status="ready")
