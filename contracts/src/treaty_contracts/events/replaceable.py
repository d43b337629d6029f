"""List every type of event that may take the place of a mistaken record."""

from collections.abc import Mapping
from types import MappingProxyType

from treaty_contracts.events.consent import (
    ConsentWithdrawn,
    InstrumentDeposited,
    IntentionRenounced,
    ProvisionalApplicationEnded,
    ProvisionalApplicationStarted,
    SignatureAffixed,
)
from treaty_contracts.events.data import EventData
from treaty_contracts.events.disputes import (
    AppealMade,
    BreachAlleged,
    BreachDenied,
    ContestClosed,
    ContestRaised,
    ProposalDeclined,
    ProposalMade,
)
from treaty_contracts.events.operation import (
    ArmedConflictBegan,
    ArmedConflictEnded,
    OperationResumed,
    OperationSuspended,
    RestrictionImposed,
    RestrictionLifted,
)
from treaty_contracts.events.participants import ParticipantRegistered, ParticipantRelated
from treaty_contracts.events.statements import (
    DeclarationMade,
    ObjectionMade,
    ReservationMade,
    ReservationWithdrawn,
    TerritoryExcluded,
    TerritoryExtended,
)
from treaty_contracts.events.treaty import (
    TextRectified,
    TreatyClausesAmended,
    TreatyEnteredIntoForce,
    TreatyExtended,
    TreatyRegistered,
    TreatyTerminated,
)
from treaty_contracts.events.withdrawal import (
    ParticipationCeased,
    WithdrawalAnnounced,
    WithdrawalCompleted,
    WithdrawalExtended,
    WithdrawalNotified,
    WithdrawalProcedureStep,
    WithdrawalRevoked,
    WithdrawalSuspended,
)

REPLACEABLE: Mapping[str, type[EventData]] = MappingProxyType(
    {
        "treaty.registered": TreatyRegistered,
        "treaty.clauses_amended": TreatyClausesAmended,
        "treaty.entered_into_force": TreatyEnteredIntoForce,
        "treaty.terminated": TreatyTerminated,
        "treaty.extended": TreatyExtended,
        "signature.affixed": SignatureAffixed,
        "instrument.deposited": InstrumentDeposited,
        "consent.withdrawn": ConsentWithdrawn,
        "intention.renounced": IntentionRenounced,
        "provisional_application.started": ProvisionalApplicationStarted,
        "provisional_application.ended": ProvisionalApplicationEnded,
        "withdrawal.announced": WithdrawalAnnounced,
        "withdrawal.procedure_step": WithdrawalProcedureStep,
        "withdrawal.notified": WithdrawalNotified,
        "withdrawal.suspended": WithdrawalSuspended,
        "withdrawal.extended": WithdrawalExtended,
        "withdrawal.revoked": WithdrawalRevoked,
        "withdrawal.completed": WithdrawalCompleted,
        "participation.ceased": ParticipationCeased,
        "operation.suspended": OperationSuspended,
        "operation.resumed": OperationResumed,
        "reservation.made": ReservationMade,
        "reservation.withdrawn": ReservationWithdrawn,
        "declaration.made": DeclarationMade,
        "objection.made": ObjectionMade,
        "territory.extended": TerritoryExtended,
        "territory.excluded": TerritoryExcluded,
        "breach.alleged": BreachAlleged,
        "breach.denied": BreachDenied,
        "restriction.imposed": RestrictionImposed,
        "restriction.lifted": RestrictionLifted,
        "appeal.made": AppealMade,
        "proposal.made": ProposalMade,
        "proposal.declined": ProposalDeclined,
        "contest.raised": ContestRaised,
        "contest.closed": ContestClosed,
        "armed_conflict.began": ArmedConflictBegan,
        "armed_conflict.ended": ArmedConflictEnded,
        "participant.registered": ParticipantRegistered,
        "participant.related": ParticipantRelated,
        "text.rectified": TextRectified,
    }
)
"""The model of each type's data: all types but the correction itself."""
