"""Build what calls receivers, from settings."""

from __future__ import annotations

import httpx

from treaty_projector.settings import ProjectorSettings
from treaty_projector.webhooks.addresses import parse_networks
from treaty_projector.webhooks.calls import Caller
from treaty_projector.webhooks.guard import Guard, look_up


def open_guard(settings: ProjectorSettings) -> Guard:
    """Return the guard that knows what may be called beside the public internet."""
    return Guard(parse_networks(settings.webhook_allow or ""), resolve=look_up)


def open_caller(settings: ProjectorSettings) -> Caller:
    """Return what makes calls; SSL_CERT_FILE names other authorities than the usual ones."""
    return Caller(
        open_guard(settings),
        timeout_seconds=settings.webhook_timeout_seconds,
        plain_http=settings.webhook_http,
        tls=httpx.create_ssl_context(),
    )
