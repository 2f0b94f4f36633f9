"""From a request that could not be answered back to the page it came from, with nothing lost and nothing half done."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

STOP_POLLING: Final = 286  # htmx's own status: take this answer, and ask no more


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of a page that stands in the browser."""
    return request.headers.get("HX-Request") == "true"


def page_of(request: HttpRequest) -> str:
    """The path of the page in the browser, as far as it says so and it is one of ours; the first page otherwise."""
    url = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}):
        return resolve_url("home")
    parts = urlsplit(url)
    path = f"/{parts.path.lstrip('/')}"  # two slashes would name another host
    return path + (f"?{parts.query}" if parts.query else "")


def ask_again(request: HttpRequest, words: str, by: str = "") -> HttpResponse:
    """What stands over the page instead of a part of it: `words`, and a link that opens the page anew.

    `by` names the page that has to be passed on the way, such as the log-in.
    """
    page = page_of(request)
    link = f"{resolve_url(by)}?{urlencode({REDIRECT_FIELD_NAME: page})}" if by else page
    response = render(request, "web/parts/ask_again.html", {"words": words, "link": link}, status=STOP_POLLING)
    response.headers["HX-Retarget"] = "#over"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
