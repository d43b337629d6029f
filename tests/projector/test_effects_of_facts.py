"""A history says of each recorded fact what it changed, or why nothing."""

import pytest
from builders import (
    SIMPLE_CLAUSES,
    Event,
    acted,
    ceased,
    completed,
    deposited,
    notified,
    registered,
    revoked,
    signed,
    superseded,
)
from projector.histories import post_history
from register import Register

from treaty_contracts.canonical import JSON

CODES = iter(range(1_000))


def effects(register: Register, *told: Event) -> list[JSON]:
    """Tell facts of a new treaty; return what each changed, in the order of recording."""
    treaty = f"effects-{next(CODES)}"
    register.post(*told, subject=treaty)
    return _by_position(register, treaty)


def _by_position(register: Register, treaty: str) -> list[JSON]:
    answer = register.ask(f"/v1/treaties/{treaty}/history?limit=500")["history"]
    assert isinstance(answer, list)
    lines = [line for line in answer if isinstance(line, dict) and isinstance(line["position"], int)]
    return [line["effect"] for line in sorted(lines, key=lambda line: int(str(line["position"])))]


JOINED = deposited("FRA", "2001-01-01")
PARTY = "contracting from 2001-01-01; party from 2001-01-31"


@pytest.mark.parametrize(
    ("told", "effect"),
    [
        ([signed("FRA", "2001-01-01")], "signatory from 2001-01-01"),
        ([JOINED], PARTY),
        ([JOINED, notified("FRA", "2010-01-01")], "exit notified, effective on 2011-01-01"),
        ([JOINED, notified("FRA", "2010-01-01", scope="overseas")], "an exit in part: overseas"),
        ([JOINED, notified("FRA", "2010-01-01"), revoked("FRA", "2010-02-01")], "exit revoked on 2010-02-01"),
        ([JOINED, notified("FRA", "2010-01-01"), completed("FRA", "2011-01-01")], "exit effective on 2011-01-01"),
        (
            [JOINED, notified("FRA", "2010-01-01"), acted("withdrawal.suspended", "FRA", received_on="2010-03-01")],
            "exit contested, without a day of effect",
        ),
        (
            [
                JOINED,
                notified("FRA", "2010-01-01"),
                acted("withdrawal.extended", "FRA", decided_on="2010-03-01", effective_on="2012-01-01"),
            ],
            "exit notified, effective on 2012-01-01",
        ),
        ([JOINED, acted("withdrawal.announced", "FRA", announced_on="2010-01-01")], "exit announced from 2010-01-01"),
        (
            [JOINED, acted("withdrawal.procedure_step", "FRA", step="launched", on="2010-01-01")],
            "exit domestic from 2010-01-01",
        ),
        ([JOINED, ceased("FRA", "2010-01-01")], "contracting until 2001-01-31; party until 2010-01-01"),
        (
            [signed("FRA", "2001-01-01"), acted("operation.suspended", "FRA", effective_on="2002-01-01")],
            "suspended from 2002-01-01; flagged not_in_operation",
        ),
        ([JOINED, acted("reservation.made", "FRA", received_on="2001-01-01")], "it is shown with the membership"),
        ([JOINED, acted("breach.alleged", "FRA", on="2001-01-01")], "the dispute is shown"),
        ([JOINED, deposited("FRA", "2003-01-01")], "no such effect: already_bound"),
        (
            [JOINED, ("treaty.terminated", {"effective_on": "2010-01-01", "reason": "by_consent"})],
            "the treaty ends on 2010-01-01",
        ),
        (
            [JOINED, ("treaty.entered_into_force", {"effective_on": "2000-06-01"})],
            "the treaty is in force from 2000-06-01",
        ),
        (
            [JOINED, ("treaty.clauses_amended", {"effective_on": "2005-01-01", "clauses": SIMPLE_CLAUSES})],
            "other final clauses from 2005-01-01",
        ),
    ],
)
def test_each_fact_is_told_with_what_it_changed(register: Register, told: list[Event], effect: str) -> None:
    assert effects(register, registered(), *told)[-1] == effect


def test_a_record_that_was_replaced_counts_no_longer_and_its_replacement_does(register: Register) -> None:
    (first,) = register.post(registered(), subject="effects-replaced")
    position = int(str(register.post(JOINED, subject="effects-replaced")[0]["position"]))
    assert position > int(str(first["position"]))
    register.post(superseded(position, deposited("FRA", "2002-01-01")), subject="effects-replaced")

    assert _by_position(register, "effects-replaced") == [
        "the treaty is on the books",
        "this record no longer counts",
        "contracting from 2002-01-01; party from 2002-01-31",
    ]


def test_every_fact_of_the_treaty_on_open_skies_changed_something_or_says_why_not(register: Register) -> None:
    post_history(register, "open-skies")

    assert None not in _by_position(register, "open-skies")
