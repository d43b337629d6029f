"""Read the URLs of receivers: what may be in them, and in which spelling they are kept."""

from __future__ import annotations

import httpx

from treaty_projector.errors import WebhookRefused

_MOST_CHARACTERS = 2000
_LAST_PORT = 65_535
_PORTS = {"https": 443, "http": 80}


def read_target(text: str, *, plain_http: bool) -> httpx.URL:
    """Return the URL to call; raise WebhookRefused for one that nothing is sent to.

    A user name or a fragment would only be lost on the way, or lead somewhere else than a reader thinks.
    """
    if len(text) > _MOST_CHARACTERS or not text.isprintable() or " " in text or "\\" in text:
        raise WebhookRefused(f"give a URL of at most {_MOST_CHARACTERS} characters, without spaces and backslashes")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise WebhookRefused(f"{text} is no URL ({error})") from error
    if url.scheme != "https" and not (url.scheme == "http" and plain_http):
        raise WebhookRefused("give an https URL; TREATY_PROJECTOR_WEBHOOK_HTTP=true lets http through, for development")
    if not url.host or not 0 < port_of(url) <= _LAST_PORT:
        raise WebhookRefused("give a URL with a host, and with a port from 1 to 65535 if it names one")
    if url.userinfo:
        raise WebhookRefused("leave user and password out of the URL: deliveries are signed")
    if url.fragment or "#" in text:
        raise WebhookRefused("leave the fragment (#…) out of the URL: it is never sent")
    return url


def port_of(url: httpx.URL) -> int:
    """Return the port of a URL, also when it names none."""
    return _PORTS[url.scheme] if url.port is None else url.port
