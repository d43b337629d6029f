"""Let in who may record, before a byte of the body is read, and hold each event against what they may do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from starlette.requests import Request

from treaty_contracts.refusals import Refused
from treaty_ledger.access.principals import Principal
from treaty_ledger.append.outcomes import Request as AppendRequest
from treaty_ledger.errors import Forbidden, LedgerError, RefusedInBatch, TooLarge
from treaty_ledger.http.error_headers import rate_limit_headers
from treaty_ledger.http.resources import Access


@dataclass(frozen=True, slots=True)
class Writer:
    """Hold who records with one request."""

    access: Access
    authorization: Sequence[str]
    principal: Principal

    @property
    def name(self) -> str:
        """Return who recorded events say they are recorded by."""
        return self.principal.name

    @property
    def headers(self) -> dict[str, str]:
        """Return what an answer tells of the allowance."""
        standing = self.access.allowances.standing(self.name)
        return dict(rate_limit_headers(**asdict(standing))) if standing else {}

    def permitted(self, asked: AppendRequest) -> AppendRequest:
        """Return a request to record one event; raise Forbidden when the writer may not."""
        if refusal := self._refusal(asked, 0):
            raise refusal
        return asked

    def permitted_batch(self, asked: AppendRequest) -> AppendRequest:
        """Return a request to record a batch; raise RefusedInBatch for the first event that the writer may not."""
        for index in range(len(asked.candidates)):
            if refusal := self._refusal(asked, index):
                raise RefusedInBatch(index, refusal)
        self.access.allowances.spend(self.name, len(asked.candidates) - 1)
        return asked

    def permitted_line(self, asked: AppendRequest | Refused | TooLarge) -> AppendRequest | Refused | LedgerError:
        """Return what a line asks, or why the writer may not ask it."""
        if isinstance(asked, AppendRequest) and (refusal := self._refusal(asked, 0)):
            return refusal
        return asked

    def overdrawn(self, events: int) -> float:
        """Take events off the allowance; return the seconds until it is no longer overdrawn."""
        return self.access.allowances.spend(self.name, events)

    async def still(self) -> None:
        """Raise Unauthenticated when the credential does not count any more: a request may last for hours."""
        await self.access.gate.principal(self.authorization)

    def _refusal(self, asked: AppendRequest, index: int) -> Forbidden | None:
        candidate = asked.candidates[index]
        return self.principal.forbids(candidate.stream, candidate.source)


async def admitted(request: Request, access: Access) -> Writer:
    """Return who wants to record; raise NotAdmitted for who may not, or not now."""
    authorization = [value.decode("latin-1") for name, value in request.scope["headers"] if name == b"authorization"]
    principal = await access.gate.principal(authorization)
    principal.require_append()
    access.allowances.admit(principal.name)
    return Writer(access, authorization, principal)
