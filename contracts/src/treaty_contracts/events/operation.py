"""Record what keeps a treaty from operating, without touching who is bound by it."""

from treaty_contracts.events.data import ParticipantData
from treaty_contracts.final_clauses import Lines
from treaty_contracts.names import Given, LegalDay, Line


class _Operation(ParticipantData):
    effective_on: LegalDay
    towards: Lines = ()
    scope: Given[Line] = None


class OperationSuspended(_Operation):
    """The treaty stops operating for a participant (VCLT Art. 57, 60, 62, 65)."""


class OperationResumed(_Operation):
    """The treaty operates again for a participant."""


class _Restriction(ParticipantData):
    on: LegalDay
    area: Given[Line] = None
    towards: Lines = ()


class RestrictionImposed(_Restriction):
    """A participant limits what the treaty allows, for example flights over a region."""


class RestrictionLifted(_Restriction):
    """A participant lifts such a limit."""


class ArmedConflictBegan(ParticipantData):
    """A participant is engaged in an armed conflict, which some clauses let defer an exit."""

    on: LegalDay


class ArmedConflictEnded(ParticipantData):
    """The armed conflict ends for a participant."""

    on: LegalDay
