"""Record what participants declare about their own membership: reservations, declarations, objections, territories."""

from treaty_contracts.events.data import ParticipantData
from treaty_contracts.final_clauses import Lines
from treaty_contracts.names import Given, LegalDay, Line, ParticipantCode, Prose


class _Statement(ParticipantData):
    received_on: LegalDay
    text: Given[Prose] = None
    provisions: Lines = ()


class ReservationMade(_Statement):
    """A participant excludes or modifies the effect of provisions for itself (VCLT Art. 2(1)(d), 19)."""


class ReservationWithdrawn(_Statement):
    """A reservation is withdrawn (VCLT Art. 22)."""


class DeclarationMade(_Statement):
    """A participant declares how it understands or applies the treaty."""


class ObjectionMade(_Statement):
    """A participant objects to another's reservation (VCLT Art. 20, 21)."""

    to: Given[ParticipantCode] = None
    precludes_entry_into_force: bool = False


class _Territory(ParticipantData):
    territory: Line
    effective_on: LegalDay


class TerritoryExtended(_Territory):
    """The treaty is extended to a territory (VCLT Art. 29)."""


class TerritoryExcluded(_Territory):
    """The treaty ceases to apply to a territory."""
