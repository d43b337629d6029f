"""Write changes in the record as an Atom feed (RFC 4287), in pages (RFC 5005)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from treaty_projector.publishing.headlines import headline, standing
from treaty_projector.publishing.shapes import ChangeDocument, StalenessDocument
from treaty_projector.publishing.warnings import warnings

ATOM = "http://www.w3.org/2005/Atom"
"""The namespace of Atom."""

_NAMES = UUID("b3a0f3a6-6f0e-4a53-9d5e-2f5c7f1f3c11")
"""Within it, everything that a feed names has a name of its own (RFC 9562, 5.5); it must never change."""

_ABOUT = "What changes in the record of treaties. No authority: ask the depositary."
_NEVER = "1970-01-01T00:00:00Z"
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

register_namespace("", ATOM)


def news_feed(  # noqa: PLR0913 - what the head of a feed says
    changes: Sequence[ChangeDocument],
    *,
    staleness: StalenessDocument,
    begun_at: str | None,
    about: Sequence[str],
    chosen: Mapping[str, str],
    links: Mapping[str, str],
    base: str | None,
) -> bytes:
    """Return the feed; `begun_at` is when the log's first entry was recorded, and tells one register from another.

    `about` says in words what the feed is about and `chosen` names it; `links` leads to this page and the next, and
    `base` is where clients find the projector.
    """
    feed = Element(_name("feed"))
    _add(feed, "id", _urn("changes", begun_at or _NEVER, *(f"{name}={value}" for name, value in chosen.items())))
    _add(feed, "title", ": ".join(["Who is bound by what", *about]))
    _add(feed, "subtitle", " ".join([_ABOUT, *warnings(staleness)]))
    _add(feed, "updated", changes[0]["recorded_at"] if changes else begun_at or _NEVER)
    _add(SubElement(feed, _name("author")), "name", "Treaty register")
    _add(feed, "generator", "treaty-projector")
    for relation, address in links.items():
        SubElement(feed, _name("link"), {"rel": relation, "href": (base or "") + address})
    for change in changes:
        _entry(feed, change, base or "")
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: Element, change: ChangeDocument, base: str) -> None:
    treaty, participant = change["treaty"], change["participant"]
    entry = SubElement(feed, _name("entry"))
    _add(entry, "id", _urn("change", change["recorded_at"], str(change["position"]), treaty, participant))
    _add(entry, "title", headline(change))
    _add(entry, "updated", change["recorded_at"])
    _add(entry, "published", change["recorded_at"])
    address = f"{base}/v1/treaties/{treaty}/members/{participant}"
    SubElement(entry, _name("link"), {"rel": "alternate", "href": address})
    for scheme, term in (("type", change["type"]), ("treaty", treaty), ("participant", participant)):
        SubElement(entry, _name("category"), {"scheme": f"urn:treaty-register:{scheme}", "term": term})
    _add(entry, "summary", _summary(change))


def _summary(change: ChangeDocument) -> str:
    lines = [
        f"{change['title']} ({change['treaty']}), {change['name']} ({change['participant']}).",
        f"Before: {standing(change['before'])}. Now: {standing(change['after'])}.",
    ]
    for exit_ in [] if change["after"] is None else change["after"]["exits"][-1:]:
        received = "" if exit_["notified_on"] is None else f", notice received on {exit_['notified_on']}"
        effect = "" if exit_["effective_on"] is None else f", day of effect {exit_['effective_on']}"
        lines.append(f"Last exit: {exit_['stage']}{received}{effect}.")
    lines.append(f"Recorded as entry {change['position']} of the log: {change['type']}.")
    return " ".join([*lines, *warnings(change)])


def _urn(*parts: str) -> str:
    """Return a name that follows from what is named alone, so that it is the same whoever serves the feed."""
    return uuid5(_NAMES, "\n".join(parts)).urn


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _name(name)).text = _NOT_IN_XML.sub("\ufffd", text)


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"
