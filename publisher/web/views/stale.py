"""A form from a page older than the last log-in: its token no longer holds (see CSRF_FAILURE_VIEW)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from publisher.accounts.way_back import ask_again, is_part, page_of


def page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Nothing was done: say so, and lead back to the page. A log-in form is simply shown again, or is over."""
    if request.resolver_match is not None and request.resolver_match.url_name == "login":
        if not request.user.is_authenticated:
            messages.warning(request, _("Trang đăng nhập đã cũ; hãy đăng nhập lại."), extra_tags="warn")
        return redirect(request.get_full_path())
    if is_part(request):
        return ask_again(request, _("Trang này đã cũ. Chữ bạn đã gõ còn ở đây."))
    return render(request, "web/stale.html", {"back": page_of(request)}, status=403)
