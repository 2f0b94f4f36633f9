"""Where the publisher is reached."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def own_address(request: HttpRequest) -> str:
    """The `url` of publisher.yaml; where it names none, the address this request came to. No slash at the end."""
    return str(settings.OPTIONS.url).rstrip("/") or f"{request.scheme}://{request.get_host()}"
