"""Record how participants sign, consent to be bound, and take that back."""

from typing import Literal

from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from treaty_contracts.events.data import ParticipantData, ReceivedData
from treaty_contracts.names import Given, LegalDay, ParticipantCode


class SignatureAffixed(ParticipantData):
    """The treaty is signed (VCLT Art. 10, 12, 18)."""

    signed_on: LegalDay
    definitive: bool = False
    ad_referendum: bool = False


class InstrumentDeposited(ReceivedData):
    """An instrument expressing consent to be bound is deposited (VCLT Art. 2(1)(b), 16)."""

    instrument: Literal[
        "ratification",
        "acceptance",
        "approval",
        "accession",
        "succession",
        "formal_confirmation",
        "consent_to_be_bound",
    ]
    dated: Given[LegalDay] = None
    states_effective_on: Given[LegalDay] = None
    succeeds: Given[ParticipantCode] = None


class ConsentWithdrawn(ParticipantData):
    """Consent is taken back before the treaty entered into force."""

    received_on: LegalDay


class IntentionRenounced(ParticipantData):
    """A signatory makes clear that it will not become a party (VCLT Art. 18(a))."""

    received_on: LegalDay


class _ProvisionalApplication(ParticipantData):
    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["effective_on"]}, {"required": ["received_on"]}]}
    )

    effective_on: Given[LegalDay] = None
    received_on: Given[LegalDay] = None

    @model_validator(mode="after")
    def _dated_once(self) -> "_ProvisionalApplication":
        if (self.effective_on is None) == (self.received_on is None):
            raise PydanticCustomError(
                "one_day", "give exactly one of effective_on and received_on", {"field": "effective_on"}
            )
        return self


class ProvisionalApplicationStarted(_ProvisionalApplication):
    """The treaty is applied before it enters into force (VCLT Art. 25(1))."""


class ProvisionalApplicationEnded(_ProvisionalApplication):
    """Provisional application ends (VCLT Art. 25(2))."""
