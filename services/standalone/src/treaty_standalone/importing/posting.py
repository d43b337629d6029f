"""Post an import's events and keep account of the ledger's answers."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus

from treaty_contracts.problems import Problem
from treaty_standalone.client import Service
from treaty_standalone.documents import Line
from treaty_standalone.errors import Unreachable
from treaty_standalone.importing.account import Account
from treaty_standalone.importing.errors import ImportInterrupted, RowRejected
from treaty_standalone.importing.source import Proposal
from treaty_standalone.posting import Outcome, post_lines


def post_proposals(
    ledger: Service, proposals: Iterable[Proposal], account: Account, *, on_answer: Callable[[], None]
) -> None:
    """Post every event in order. Raises ImportInterrupted when the ledger falls silent, Refused when it declines."""
    waiting: deque[Proposal] = deque()

    def lines() -> Iterator[Line]:
        for number, proposal in enumerate(proposals, 1):
            waiting.append(proposal)
            yield Line(number, proposal.event)

    try:
        for outcome in post_lines(ledger, lines()):
            _settle(waiting.popleft(), outcome, account, ledger)
            on_answer()
    except Unreachable as error:
        raise ImportInterrupted(error, recorded=account.recorded) from error


def _settle(proposal: Proposal, outcome: Outcome, account: Account, ledger: Service) -> None:
    if (problem := outcome.problem) is None:
        position = outcome.answer.get("position")
        account.record(
            proposal.kind,
            position=position if isinstance(position, int) else None,
            replayed=outcome.answer.get("replayed") is True,
        )
    elif problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise Unreachable(ledger.name, ledger.url, reason=f"{problem.title}: {problem.detail}")
    else:
        account.reject(proposal.kind, proposal.row, proposal.says, _rejection(problem))


def _rejection(problem: Problem) -> RowRejected:
    errors = "; ".join(f"{error.pointer or '/'}: {error.detail}" for error in problem.errors or ())
    return RowRejected(f"the ledger says: {problem.title}", errors or problem.detail)
