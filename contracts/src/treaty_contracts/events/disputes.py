"""Record who disputes what: breaches, appeals, proposals and contests."""

from typing import Annotated

from pydantic import Field

from treaty_contracts.canonical import MAX_INTEGER
from treaty_contracts.events.data import ParticipantData
from treaty_contracts.final_clauses import Lines
from treaty_contracts.names import Given, LegalDay, Line, ParticipantCode

Position = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
"""A place in the log, counted from 0."""


class _Breach(ParticipantData):
    against: Given[ParticipantCode] = None
    on: LegalDay
    provisions: Lines = ()


class BreachAlleged(_Breach):
    """The participant says that another broke the treaty (VCLT Art. 60); it changes nothing by itself."""


class BreachDenied(_Breach):
    """The participant denies having broken the treaty."""


class AppealMade(ParticipantData):
    """A third party calls on the participant to reconsider."""

    by: Line
    on: LegalDay


class _Proposal(ParticipantData):
    on: LegalDay
    to: Lines = ()


class ProposalMade(_Proposal):
    """The participant proposes something, such as guarantees it seeks."""


class ProposalDeclined(_Proposal):
    """What the participant proposed is refused."""


class _Contest(ParticipantData):
    about: Position
    by: Line
    on: LegalDay
    claims_effective_on: Given[LegalDay] = None


class ContestRaised(_Contest):
    """Somebody disputes the effect of a recorded fact (VCLT Art. 65)."""


class ContestClosed(_Contest):
    """A contest is settled or dropped."""
