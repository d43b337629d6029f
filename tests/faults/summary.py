"""Sum rounds up: how many of each fault, what was acknowledged, and what was broken."""

from collections import Counter
from collections.abc import Sequence

from faults.rounds import Outcome


def summary(outcomes: Sequence[Outcome], *, seed: str, seconds: float, machine: dict[str, object]) -> dict[str, object]:
    """Return the figures of a campaign as JSON's values."""
    broken = [f"{outcome.fault}: {one}" for outcome in outcomes for one in outcome.broken]
    kinds = Counter(one.partition(": ")[2].partition(":")[0] for one in broken)
    return {
        "rounds": len(outcomes),
        "seed": seed,
        "seconds": round(seconds),
        "attempts": sum(outcome.attempts for outcome in outcomes),
        "acknowledged": sum(outcome.acknowledged for outcome in outcomes),
        "recorded": sum(outcome.recorded for outcome in outcomes),
        "replayed": sum(outcome.replayed for outcome in outcomes),
        "sent_away": sum(outcome.sent_away for outcome in outcomes),
        "unknown": sum(outcome.unknown for outcome in outcomes),
        "groups_in_one_exchange": sum(outcome.at_once for outcome in outcomes),
        "checkpoints_seen": sum(outcome.checkpoints for outcome in outcomes),
        "lost": kinds["lost"] + kinds["moved"],
        "duplicated": kinds["duplicated"] + kinds["appended twice"],
        "broken": broken,
        "longest_outage_seconds": max((outcome.longest_outage for outcome in outcomes), default=0.0),
        "machine": machine,
        "faults": _by_fault(outcomes),
    }


def _by_fault(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    faults: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        faults.setdefault(outcome.fault, []).append(outcome)
    return {
        name: {
            "rounds": len(found),
            "acknowledged": sum(outcome.acknowledged for outcome in found),
            "replayed": sum(outcome.replayed for outcome in found),
            "unknown": sum(outcome.unknown for outcome in found),
            "sent_away": sum(outcome.sent_away for outcome in found),
            "groups_in_one_exchange": sum(outcome.at_once for outcome in found),
            "longest_outage_seconds": max(outcome.longest_outage for outcome in found),
        }
        for name, found in sorted(faults.items())
    }
