"""Name the facts without the legal effect one might expect, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Say why a fact has another effect than one might expect, or none."""

    ALREADY_BOUND = "already_bound"
    COMPLETED_AFTER_REVOCATION = "completed_after_revocation"
    COMPLETED_WITHOUT_NOTICE = "completed_without_notice"
    COMPLETION_DIFFERS = "completion_differs"
    CONSENT_WITHDRAWN_AFTER_ENTRY_INTO_FORCE = "consent_withdrawn_after_entry_into_force"
    EFFECT_BEFORE_ENTRY_INTO_FORCE = "effect_before_entry_into_force"
    EFFECT_BEFORE_RECEIPT = "effect_before_receipt"
    NO_CONSENT_TO_WITHDRAW = "no_consent_to_withdraw"
    NO_NOTICE_TO_EXTEND = "no_notice_to_extend"
    NO_NOTICE_TO_REVOKE = "no_notice_to_revoke"
    NO_NOTICE_TO_SUSPEND = "no_notice_to_suspend"
    NOT_A_PARTY = "not_a_party"
    NOT_A_SIGNATORY = "not_a_signatory"
    NOT_IN_OPERATION = "not_in_operation"
    NOTHING_TO_END = "nothing_to_end"
    OVERLAPPING_SPELLS = "overlapping_spells"
    PREMATURE = "premature"
    REVOKED_TOO_LATE = "revoked_too_late"
    SIGNED_AFTER_CONSENT = "signed_after_consent"
    SIGNED_ALREADY = "signed_already"
    STATED_BEFORE_EARLIEST = "stated_before_earliest"
    STATED_LATER_NOT_ALLOWED = "stated_later_not_allowed"
    TREATY_ENDED = "treaty_ended"


EXPLANATIONS: dict[Reason, str] = {
    Reason.ALREADY_BOUND: "The participant had already expressed consent; this further expression changes nothing.",
    Reason.COMPLETED_AFTER_REVOCATION: "The notice had been taken back in time (VCLT Art. 68).",
    Reason.COMPLETED_WITHOUT_NOTICE: "No notice of this exit is on record; membership ends on the day that is stated.",
    Reason.COMPLETION_DIFFERS: (
        "The day stated is not the day the clause gives, and the depositary does not assert it: it is not used."
    ),
    Reason.CONSENT_WITHDRAWN_AFTER_ENTRY_INTO_FORCE: (
        "Consent can be taken back only before the treaty is in force for the participant; "
        "afterwards only a withdrawal ends it."
    ),
    Reason.EFFECT_BEFORE_ENTRY_INTO_FORCE: (
        "The treaty was not in force on the day that is stated; its own entry into force is used."
    ),
    Reason.EFFECT_BEFORE_RECEIPT: "Only a succession may take effect before its receipt; the first valid day counts.",
    Reason.NO_CONSENT_TO_WITHDRAW: "The participant had not expressed consent, so there was none to take back.",
    Reason.NO_NOTICE_TO_EXTEND: "No notice of withdrawal was pending, so there was no period to prolong.",
    Reason.NO_NOTICE_TO_REVOKE: "No notice of withdrawal was pending, so there was none to take back.",
    Reason.NO_NOTICE_TO_SUSPEND: "No notice of withdrawal was pending, so there was none to suspend.",
    Reason.NOT_A_PARTY: "The participant was not a party on that day, so there was no membership to end.",
    Reason.NOT_A_SIGNATORY: (
        "The participant was no signatory on that day: only one who has signed, and is not bound, has an intention to "
        "become a party that can be renounced (VCLT Art. 18(a))."
    ),
    Reason.NOT_IN_OPERATION: (
        "On none of these days was the treaty in force or applied provisionally for the participant, so there was "
        "nothing to suspend."
    ),
    Reason.NOTHING_TO_END: "Nothing is on record that had begun by that day and that this could end.",
    Reason.OVERLAPPING_SPELLS: (
        "The participant was still bound by an earlier consent on the day to which this one looks back; "
        "it begins where the earlier spell ended."
    ),
    Reason.PREMATURE: "The clause does not admit a notice on that day.",
    Reason.REVOKED_TOO_LATE: "The notice had already taken effect (VCLT Art. 68).",
    Reason.SIGNED_AFTER_CONSENT: "The participant had already expressed consent; the signature changes nothing.",
    Reason.SIGNED_ALREADY: "The participant had already signed; a second signature changes nothing.",
    Reason.STATED_BEFORE_EARLIEST: "The day stated is earlier than the clause allows; the earliest it allows is used.",
    Reason.STATED_LATER_NOT_ALLOWED: "The clause does not let the notice name a later day; the clause's day is used.",
    Reason.TREATY_ENDED: "The treaty had ended by that day.",
}
"""One sentence a reason, which answers show as `detail`."""


@dataclass(frozen=True, slots=True, order=True)
class Anomaly:
    """Point at one fact, and say why it has not the effect one might expect."""

    position: int
    reason: Reason
    participant: str | None
    detail: str


def anomaly(reason: Reason, position: int, participant: str | None, *, more: str = "") -> Anomaly:
    """Return the anomaly with the sentence of its reason, and what more there is to say of this fact."""
    detail = EXPLANATIONS[reason]
    return Anomaly(position, reason, participant, f"{detail} {more}" if more else detail)
