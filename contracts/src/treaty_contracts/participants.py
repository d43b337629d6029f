"""Know the participants every register starts with: States, territories, predecessors and organisations.

Codes are those of ISO 3166-1 and 3166-3 (by way of pycountry) and, for organisations, their usual initials; names
are the English ones that treaty tables print.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

import pycountry

ParticipantKind: TypeAlias = Literal["state", "organisation", "territory"]
"""What may act under a treaty."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Name one who may act under a treaty."""

    code: str
    kind: ParticipantKind
    name: str


def find(code: str) -> Participant | None:
    """Return the participant of the reference list with this code, or None."""
    return KNOWN.get(code)


_NAMES = {
    "BOL": "Bolivia (Plurinational State of)",
    "BUR": "Burma",
    "BYS": "Byelorussian Soviet Socialist Republic",
    "COD": "Democratic Republic of the Congo",
    "CSK": "Czechoslovakia",
    "FSM": "Micronesia (Federated States of)",
    "FXX": "Metropolitan France",
    "GBR": "United Kingdom of Great Britain and Northern Ireland",
    "HVO": "Upper Volta",
    "IRN": "Iran (Islamic Republic of)",
    "KOR": "Republic of Korea",
    "MDA": "Republic of Moldova",
    "NLD": "Netherlands (Kingdom of the)",
    "PCI": "Trust Territory of the Pacific Islands",
    "PRK": "Democratic People's Republic of Korea",
    "PSE": "State of Palestine",
    "SUN": "Union of Soviet Socialist Republics",
    "TZA": "United Republic of Tanzania",
    "USA": "United States of America",
    "VAT": "Holy See",
    "VDR": "Democratic Republic of Viet-Nam",
    "VEN": "Venezuela (Bolivarian Republic of)",
    "VGB": "British Virgin Islands",
    "VIR": "United States Virgin Islands",
    "YMD": "Democratic Yemen",
    "YUG": "Yugoslavia",
    "ZAR": "Zaire",
}

# fmt: off - fourteen to a line reads better than one
_TERRITORIES = frozenset(
    (
        "ABW",
        "AIA",
        "ALA",
        "ASM",
        "ATA",
        "ATF",
        "BES",
        "BLM",
        "BMU",
        "BVT",
        "CCK",
        "CUW",
        "CXR",
        "CYM",
        "ESH",
        "FLK",
        "FRO",
        "GGY",
        "GIB",
        "GLP",
        "GRL",
        "GUF",
        "GUM",
        "HKG",
        "HMD",
        "IMN",
        "IOT",
        "JEY",
        "MAC",
        "MAF",
        "MNP",
        "MSR",
        "MTQ",
        "MYT",
        "NCL",
        "NFK",
        "PCN",
        "PRI",
        "PYF",
        "REU",
        "SGS",
        "SHN",
        "SJM",
        "SPM",
        "SXM",
        "TCA",
        "TKL",
        "TWN",
        "UMI",
        "VGB",
        "VIR",
        "WLF",
        "AFI",
        "ANT",
        "ATB",
        "ATN",
        "CTE",
        "FXX",
        "GEL",
        "JTN",
        "MID",
        "NHB",
        "NTZ",
        "PCI",
        "PCZ",
        "PUS",
        "RHO",
        "SKM",
        "TMP",
        "WAK",
    )
)
# fmt: on

_ORGANISATIONS = {
    "ANDEAN": "Andean Community",
    "AU": "African Union",
    "ASEAN": "Association of Southeast Asian Nations",
    "BOIP": "Benelux Organization for Intellectual Property (BOIP)",
    "CARICOM": "Caribbean Community",
    "CIS": "Commonwealth of Independent States",
    "COE": "Council of Europe",
    "COMESA": "Common Market for Eastern and Southern Africa",
    "CTBTO": "Preparatory Commission for the Comprehensive Nuclear-Test-Ban Treaty Organization",
    "EAC": "East African Community",
    "EAEC": "Eurasian Economic Community",
    "EAEU": "Eurasian Economic Union",
    "ECOWAS": "Economic Community of West African States",
    "EFTA": "European Free Trade Association",
    "EPO": "European Patent Organisation (EPO)",
    "EU": "European Union",
    "EURATOM": "European Atomic Energy Community",
    "FAO": "Food and Agriculture Organization of the United Nations",
    "IAEA": "International Atomic Energy Agency",
    "IBRD": "International Bank for Reconstruction and Development",
    "ICAO": "International Civil Aviation Organization",
    "ICC": "International Criminal Court",
    "ICRC": "International Committee of the Red Cross",
    "IFAD": "International Fund for Agricultural Development",
    "ILO": "International Labour Organisation",
    "IMF": "International Monetary Fund",
    "IMO": "International Maritime Organization",
    "INTERPOL": "International Criminal Police Organization",
    "ITU": "International Telecommunication Union",
    "LAS": "League of Arab States",
    "NATO": "North Atlantic Treaty Organization",
    "OAPI": "African Intellectual Property Organization (OAPI)",
    "OAS": "Organization of American States",
    "OAU": "Organization of African Unity",
    "OECD": "Organisation for Economic Co-operation and Development",
    "OPCW": "Organisation for the Prohibition of Chemical Weapons",
    "OPEC": "Organization of the Petroleum Exporting Countries",
    "OSCE": "Organization for Security and Co-operation in Europe",
    "SADC": "Southern African Development Community",
    "UEMOA": "West African Economic and Monetary Union",
    "UN": "United Nations",
    "UNESCO": "United Nations Educational, Scientific and Cultural Organization",
    "UNIDO": "United Nations Industrial Development Organization",
    "UPU": "Universal Postal Union",
    "WCO": "World Customs Organization",
    "WHO": "World Health Organization",
    "WIPO": "World Intellectual Property Organization",
    "WMO": "World Meteorological Organization",
    "WTO": "World Trade Organization",
}


def _reference_list() -> Iterator[Participant]:
    for country in (*pycountry.historic_countries, *pycountry.countries):  # today's meaning of a reused code wins
        code = country.alpha_3
        kind: ParticipantKind = "territory" if code in _TERRITORIES else "state"
        yield Participant(code, kind, _NAMES.get(code, country.name))
    for code, name in _ORGANISATIONS.items():
        yield Participant(code, "organisation", name)


KNOWN: Mapping[str, Participant] = MappingProxyType(
    {participant.code: participant for participant in _reference_list()}
)
"""Every participant of the reference list by its code."""
