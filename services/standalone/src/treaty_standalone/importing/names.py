"""Find the participant that a table means by a code or a name; what is not known is never guessed."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pycountry

from treaty_contracts.participants import KNOWN
from treaty_standalone.importing.errors import RowRejected
from treaty_standalone.importing.mapping import NewParticipant


class Participants:
    """Know participants by code and by name, and remember which could not be found."""

    def __init__(self, *, aliases: Mapping[str, str], registered: Iterable[NewParticipant]) -> None:
        registered = tuple(registered)
        self.unknown: Counter[tuple[str, str]] = Counter()
        """How many rows name which code and name in vain."""
        self._codes = {*KNOWN, *(each.code for each in registered)}
        self._names = dict(_unambiguous(_printed_names()))
        self._names |= {simplify(each.name): code for code, each in KNOWN.items()}
        self._names |= {simplify(each.name): each.code for each in registered}
        self._names |= {simplify(name): code for name, code in aliases.items()}
        self._found: dict[tuple[str, str], str] = {}

    def find(self, code: str, name: str) -> str:
        """Return the code of the participant that a row names by a code, a name or both. Raises RowRejected."""
        if (found := self._found.get((code, name))) is None:
            found = self._found[code, name] = self._find(code, name)
        return found

    def _find(self, code: str, name: str) -> str:
        by_name = self._names.get(simplify(name))
        by_code = code if code in self._codes else self._names.get(simplify(code))
        if by_code and by_name and by_code != by_name:
            raise RowRejected("the code and the name mean two participants", f"{code} and {name}")
        if found := by_code or by_name:
            return found
        if not code and not name:
            raise RowRejected("the row names no participant")
        self.unknown[code, name] += 1
        raise RowRejected("the participant is not known", " ".join(filter(None, (code, name))))


def simplify(name: str) -> str:
    """Return a name without what tables write differently: capitals, spaces, the form of an apostrophe."""
    return " ".join(unicodedata.normalize("NFC", name).replace("\u2019", "'").split()).casefold()


def _printed_names() -> Iterator[tuple[str, str]]:
    for country in pycountry.countries:
        for kind in ("name", "common_name", "official_name"):
            if name := getattr(country, kind, None):
                yield simplify(name), country.alpha_3


def _unambiguous(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    pairs = set(names)
    bearers = Counter(name for name, _ in pairs)
    return ((name, code) for name, code in sorted(pairs) if bearers[name] == 1)
