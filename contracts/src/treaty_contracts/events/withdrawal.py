"""Record how participants leave: what they announce, decide at home, notify, take back and complete."""

from typing import Annotated, Literal

from pydantic import Field

from treaty_contracts.events.data import ParticipantData, ReceivedData
from treaty_contracts.final_clauses import MAX_ITEMS, Clause
from treaty_contracts.names import Given, LegalDay, Line


class WithdrawalAnnounced(ParticipantData):
    """An intention to leave is announced; politics, which starts no clock."""

    announced_on: LegalDay
    by: Given[Line] = None


class WithdrawalProcedureStep(ParticipantData):
    """A domestic step towards leaving is taken; it starts no clock."""

    step: Literal[
        "launched",
        "bill_submitted",
        "approved_lower_house",
        "approved_upper_house",
        "law_signed",
        "court_ruling",
        "other",
    ]
    on: LegalDay


class WithdrawalNotified(ReceivedData):
    """The formal notice is received and starts the clock (VCLT Art. 56(2), 65, 67, 78)."""

    dated: Given[LegalDay] = None
    states_effective_on: Given[LegalDay] = None
    scope: Given[Line] = None
    condition: Given[Line] = None


class WithdrawalSuspended(ParticipantData):
    """The notice is said to be suspended, to disputed effect."""

    received_on: LegalDay


class Alternative(Clause):
    """Name another day of effect and on what it depends."""

    effective_on: LegalDay
    condition: Line


class WithdrawalExtended(ParticipantData):
    """A negotiated period before the exit is prolonged."""

    decided_on: LegalDay
    effective_on: LegalDay
    alternatives: Annotated[tuple[Alternative, ...], Field(strict=False, max_length=MAX_ITEMS)] = ()


class WithdrawalRevoked(ParticipantData):
    """The notice is taken back (VCLT Art. 68)."""

    received_on: LegalDay


class WithdrawalCompleted(ParticipantData):
    """Somebody states that the withdrawal took effect."""

    effective_on: LegalDay


class ParticipationCeased(ParticipantData):
    """Participation ends otherwise than by notice."""

    effective_on: LegalDay
    decided_by: Given[Line] = None
    reason: Literal["expulsion", "decision_of_organ", "extinction", "merger", "cascade"]
