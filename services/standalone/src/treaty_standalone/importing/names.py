"""Find the participant that a table means by a code or a name; what is not known is never guessed."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

import pycountry

from treaty_contracts.participants import KNOWN
from treaty_standalone.importing.errors import RowRejected, UnknownParticipant
from treaty_standalone.importing.mapping import Mapping


class Participants:
    """Know participants by code and by name: those of the reference list, and those a mapping adds."""

    def __init__(self, mapping: Mapping) -> None:
        self._codes = {*KNOWN, *(each.code for each in mapping.participants)}
        self._names = dict(_unambiguous(_printed_names()))
        self._names |= {simplify(each.name): code for code, each in KNOWN.items()}
        self._names |= {simplify(each.name): each.code for each in mapping.participants}
        self._names |= {simplify(name): code for name, code in mapping.aliases.items()}
        self._found: dict[tuple[str, str], str] = {}

    def find(self, code: str, name: str) -> str:
        """Return the code of the participant that a row names by a code, a name or both. Raises RowRejected."""
        if (found := self._found.get((code, name))) is None:
            found = self._found[code, name] = self._find(code, name)
        return found

    def _find(self, code: str, name: str) -> str:
        if not code and not name:
            raise RowRejected("the row names no participant")
        by_code = code if code in self._codes else self._names.get(simplify(code))
        by_name = self._names.get(simplify(name))
        if by_code and by_name and by_code != by_name:
            raise RowRejected("the code and the name mean two participants", f"{code}, {name}")
        if found := by_code or by_name:
            return found
        raise UnknownParticipant(code, name)


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
