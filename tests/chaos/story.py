"""Make up facts that move much: treaties that fall together, successions, notices and records that are corrected."""

from dataclasses import dataclass, field
from itertools import count
from random import Random

from builders import Event, acted, deposited, leaving, notified, registered, revoked, signed, superseded

from treaty_contracts.canonical import JSON, JsonObject

PARTICIPANTS = ("AUT", "BEL", "CHE", "DEU", "DNK", "ESP", "FIN", "FRA", "GBR", "ITA", "NLD", "USA")
TREATIES = ("alone", "framework", "protocol", "annex", "other", "sixth")
_FALLS: dict[str, tuple[JSON, ...]] = {"protocol": ("framework",), "annex": ("protocol", "other")}
_GONE = ("DDR", "SUN", "CSK", "YUG")


@dataclass(slots=True)
class Story:
    """Know what may be told next; the same seed tells the same."""

    rng: Random
    recorded: dict[str, list[int]] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def beginning(self) -> list[JsonObject]:
        """Return the registrations of all treaties."""
        return [
            self._event(name, registered({**leaving(), "falls_with": list(_FALLS.get(name, ()))})) for name in TREATIES
        ]

    def next(self) -> JsonObject:
        """Return one more fact."""
        rng = self.rng
        if rng.random() < 0.03:
            relation: JsonObject = {"from": rng.choice(PARTICIPANTS), "to": rng.choice(_GONE), "on": self._day()}
            return self._event("participants", ("participant.related", {**relation, "relation": "succeeds"}))
        treaty = rng.choice(TREATIES)
        return self._event(treaty, self._about(treaty, rng.choice(PARTICIPANTS)))

    def note(self, event: JsonObject, position: int) -> None:
        """Remember where a fact was recorded: a later one may supersede it."""
        if event["type"] not in {"record.superseded", "treaty.registered"}:
            self.recorded.setdefault(str(event["subject"]), []).append(position)

    def _about(self, treaty: str, who: str) -> Event:
        rng, day = self.rng, self._day()
        known = self.recorded.get(treaty, [])
        match rng.choices(("join", "leave", "back", "sign", "other", "correct"), (8, 4, 2, 2, 2, 1))[0]:
            case "join":
                return deposited(who, day)
            case "leave":
                return notified(who, day)
            case "back":
                return revoked(who, day)
            case "sign":
                return signed(who, day)
            case "correct" if known:
                return superseded(known.pop(rng.randrange(len(known))), deposited(who, day))
            case _:
                return acted("declaration.made", who, received_on=day, text="It is so understood.")

    def _day(self) -> str:
        return f"{self.rng.randrange(1990, 2040)}-{self.rng.randrange(1, 13):02}-{self.rng.randrange(1, 29):02}"

    def _event(self, subject: str, told: Event) -> JsonObject:
        return {
            "specversion": "1.0",
            "id": f"chaos/{next(self._ids)}",
            "source": "urn:test:chaos",
            "type": told[0],
            "subject": subject,
            "data": dict(told[1]),
        }
