"""State a treaty's final clauses as data: how it enters into force, how one joins it and how one leaves it."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from treaty_contracts.names import Duration, ExactDay, Given, Line, MonthDay, ParticipantCode, TreatyId

MAX_ITEMS = 500
"""The most items any list in an event may have."""

Codes = Annotated[tuple[ParticipantCode, ...], Field(strict=False, min_length=1, max_length=MAX_ITEMS)]
"""One participant or several, by code."""

Lines = Annotated[tuple[Line, ...], Field(strict=False, max_length=MAX_ITEMS)]
"""Any number of lines of text."""

TreatyIds = Annotated[tuple[TreatyId, ...], Field(strict=False, max_length=MAX_ITEMS)]
"""Any number of treaties, by id."""


class Clause(BaseModel):
    """Refuse unknown fields, coercion and change in every clause."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class PeriodDelay(Clause):
    """Add a calendar period, clamped to the month's end, then take the same, next or previous day."""

    rule: Literal["period"]
    period: Duration
    day: Literal["same", "next", "previous"] = "same"


class FirstOfMonthAfterPeriod(Clause):
    """Add a calendar period, then take the first day of the next month, also when the sum is a first."""

    rule: Literal["first_of_month_after_period"]
    period: Duration


class FirstOfNthMonth(Clause):
    """Take the first day of the n-th month after the month of receipt."""

    rule: Literal["first_of_nth_month"]
    n: Annotated[int, Field(ge=1, le=120)]


class FixedDay(Clause):
    """Take the first effect day strictly after the first cutoff day on or after receipt."""

    rule: Literal["fixed_day"]
    cutoff: MonthDay
    effect: MonthDay
    boundary: Literal["start_of_day", "end_of_day"] = "start_of_day"


class TacitRenewal(Clause):
    """Take the end of the current term if the notice came in time before it, else of the next term."""

    rule: Literal["tacit_renewal"]
    anchor: ExactDay
    first: Duration
    next: Duration
    notice: Duration


class WindowDelay(Clause):
    """Admit notices only inside a window after each term; outside it they are premature."""

    rule: Literal["window"]
    anchor: ExactDay
    every: Duration
    open: Duration
    notice: Duration


class Negotiated(Clause):
    """Take the day of receipt plus the long stop, moved by `withdrawal.extended`."""

    rule: Literal["negotiated"]
    long_stop: Duration


class Immediate(Clause):
    """Take the day of receipt."""

    rule: Literal["immediate"]


class NoClause(Clause):
    """Compute no date: the treaty is silent (VCLT Art. 56)."""

    rule: Literal["no_clause"]


Delay: TypeAlias = Annotated[
    PeriodDelay
    | FirstOfMonthAfterPeriod
    | FirstOfNthMonth
    | FixedDay
    | TacitRenewal
    | WindowDelay
    | Negotiated
    | Immediate
    | NoClause,
    Field(discriminator="rule"),
]
"""How the day an act was received becomes the day it takes effect."""


class OnDate(Clause):
    """Enter into force on a day the treaty names."""

    rule: Literal["on_date"]
    article: Given[Line] = None
    date: ExactDay


class AfterDeposits(Clause):
    """Enter into force some time after enough consents, all required ones among them (VCLT Art. 24)."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [name]} for name in ("count", "of", "required")]}
    )

    rule: Literal["after_deposits"]
    article: Given[Line] = None
    count: Given[Annotated[int, Field(ge=1, le=10_000)]] = None
    of: Given[Codes] = None
    required: Given[Codes] = None
    delay: Delay

    @model_validator(mode="after")
    def _can_be_met(self) -> "AfterDeposits":
        if self.count is None and self.of is None and self.required is None:
            raise PydanticCustomError(
                "no_threshold", "say how many deposits or whose: give count, of or required", {"field": "count"}
            )
        if self.count is not None and self.of is not None and self.count > len(set(self.of)):
            raise PydanticCustomError(
                "unreachable_count",
                "no more deposits can be counted than participants are named in of",
                {"field": "count"},
            )
        return self


class OnSignature(Clause):
    """Enter into force by signature alone (VCLT Art. 12)."""

    rule: Literal["on_signature"]
    article: Given[Line] = None


EntryIntoForce: TypeAlias = Annotated[OnDate | AfterDeposits | OnSignature, Field(discriminator="rule")]
"""When the treaty enters into force (VCLT Art. 24)."""


class JoiningClause(Clause):
    """State how long after consent the treaty enters into force for a participant that joins (VCLT Art. 24(3))."""

    article: Given[Line] = None
    delay: Delay


class AdmissibleAfter(Clause):
    """State from when on a notice of withdrawal is admissible, and what becomes of one that comes earlier."""

    period: Duration
    anchor: Literal["entry_into_force", "entry_into_force_for_participant"]
    early_notice: Literal["void", "deferred"] = "void"


class Conference(Clause):
    """State how long after a notice the parties are to be convened."""

    from_: Annotated[Duration, Field(alias="from")]
    to: Duration


class WithdrawalClause(Clause):
    """State how a party leaves; without a `notice` no date is computed (VCLT Art. 54 and 56)."""

    article: Given[Line] = None
    notice: Delay = NoClause(rule="no_clause")
    receipt: Literal["first", "last"] = "last"
    later_date_allowed: bool = False
    admissible_after: Given[AdmissibleAfter] = None
    deferred_by_armed_conflict: bool = False
    conference: Given[Conference] = None
    companion_window: Given[Duration] = None
    survival: Given[Duration] = None
    addressees: Lines = ()


class DurationUntil(Clause):
    """Last until a day: the first day on which the treaty is no longer in force."""

    until: ExactDay


class DurationPeriod(Clause):
    """Last for a period from entry into force."""

    period: Duration


def _duration_tag(value: object) -> str:
    if isinstance(value, DurationPeriod) or (isinstance(value, dict) and "period" in value):
        return "<period>"
    return "<until>"


FixedDuration: TypeAlias = Annotated[
    Annotated[DurationUntil, Tag("<until>")] | Annotated[DurationPeriod, Tag("<period>")], Discriminator(_duration_tag)
]
"""How long the treaty lasts, where it says so."""


class FinalClauses(Clause):
    """Gather what a treaty says of its own life; what is absent is not modelled."""

    entry_into_force: Given[EntryIntoForce] = None
    joining: Given[JoiningClause] = None
    withdrawal: Given[WithdrawalClause] = None
    minimum_parties: Given[Annotated[int, Field(ge=1, le=10_000)]] = None
    falls_with: TreatyIds = ()
    bilateral_ends_on_exit: bool = False
    duration: Given[FixedDuration] = None
