"""Who may pass: pages need a log-in, and a generated password opens only the page where it is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from publisher.accounts.models import User
from publisher.accounts.way_back import ask_again, is_part, page_of

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
        to_log_in = super().process_view(request, view_func, view_args, view_kwargs)
        return to_log_in and (_answered_in_page(request) or to_log_in)


def _answered_in_page(request: HttpRequest) -> HttpResponse | None:
    """What a page that stands in a browser gets when its session is over; None where it is only asked for now.

    A part of a page never gets the log-in into its place: over the page stands what happened. What a button sent is
    not done after the log-in either: that is told, and the page of the button comes back.
    """
    if is_part(request):
        return ask_again(request, _("Phiên đăng nhập đã hết. Chữ bạn đã gõ còn ở đây."), settings.LOGIN_URL)
    if request.method in ("GET", "HEAD"):
        return None
    told = _("Phiên đăng nhập đã hết, việc vừa bấm chưa được thực hiện. Đăng nhập xong, hãy xem lại rồi bấm lần nữa.")
    messages.warning(request, told, extra_tags="warn")
    return redirect_to_login(page_of(request), settings.LOGIN_URL)


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
