"""Run an import from two files to the report."""

from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress

from treaty_standalone.client import Service
from treaty_standalone.errors import StandaloneError
from treaty_standalone.importing.account import Account
from treaty_standalone.importing.findings import find_anomalies, wait_until_applied
from treaty_standalone.importing.mapping import load_mapping
from treaty_standalone.importing.posting import post_proposals
from treaty_standalone.importing.report import Report
from treaty_standalone.importing.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Name the files of an import; without a mapping the built-in one counts."""

    actions: Path
    treaties: Path
    mapping: Path | None = None


def run_import(files: Files, *, ledger: Service, projector: Service, progress: Progress) -> Report:
    """Post what the tables tell, and return what became of it. Raises BadMapping, BadTable, ImportInterrupted, Refused.

    Importing again after a break is safe: what is recorded already is answered with its first receipt.
    """
    source, account = _source(files), Account()
    task = progress.add_task("Posting", total=source.survey())

    def count() -> None:
        progress.update(task, completed=sum(tally.read for tally in account.tallies.values()))

    post_proposals(ledger, source.proposals(account), account, on_answer=count)
    if not account.positions:
        return Report(account=account, findings=None, dry_run=False)
    size = max(account.positions) + 1
    deriving = progress.add_task("Deriving who is bound by what", total=size)
    try:
        wait_until_applied(projector, size, on_size=lambda applied: progress.update(deriving, completed=applied))
        findings = find_anomalies(projector, account.positions)
    except StandaloneError as error:
        return Report(account=account, findings=None, dry_run=False, trouble=str(error))
    return Report(account=account, findings=findings, dry_run=False)


def rehearse_import(files: Files) -> Report:
    """Return what an import would post and reject, without asking anybody. Raises BadMapping, BadTable."""
    source, account = _source(files), Account()
    source.survey()
    for proposal in source.proposals(account):
        account.record(proposal.kind, position=None, replayed=False)
    return Report(account=account, findings=None, dry_run=True)


def _source(files: Files) -> Source:
    return Source(files.actions, files.treaties, load_mapping(files.mapping))
