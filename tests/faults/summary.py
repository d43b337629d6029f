"""Sum rounds up: what was acknowledged, by fault, and what of it was lost or doubled."""

from collections import Counter
from collections.abc import Sequence

from campaign import figures
from faults.rounds import Outcome

_SUMS = (
    "attempts",
    "acknowledged",
    "recorded",
    "replayed",
    "sent_away",
    "unknown",
    "at_once",
    "checkpoints",
)


def summary(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Return the figures of a campaign as JSON's values."""
    kinds = Counter(one.partition(":")[0] for outcome in outcomes for one in outcome.broken)
    return {
        "lost": kinds["lost"] + kinds["moved"],
        "duplicated": kinds["duplicated"] + kinds["appended twice"],
        **figures(outcomes, sums=_SUMS, longest="longest_outage_seconds"),
    }
