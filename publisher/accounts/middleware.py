"""Who may pass: pages need a log-in, and a generated password opens only the page where it is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from publisher.accounts.models import User

_OPEN_PAGES: Final = frozenset({"password", "logout", "language"})


API: Final = "/api/v1/"


class LoginRequired(LoginRequiredMiddleware):
    """Every address needs a log-in, but those of the API, which check a token of their own."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if request.path.startswith(API):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class PasswordChangeRequired:
    """Sends a person with a generated password to the page that changes it, wherever they want to go."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        person = request.user
        if not isinstance(person, User) or not person.must_change_password:
            return None
        match = request.resolver_match
        if match is not None and match.url_name in _OPEN_PAGES:
            return None
        return redirect("password")
