"""Log-in, the own password, API tokens and the technician's broker credential."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from publisher.accounts import backend, broker_access, people, rights
from publisher.accounts.models import ApiToken
from publisher.broadcast.link import BrokerAddress
from publisher.web.forms_admin import PasswordForm
from publisher.web.views.common import me


class LoginForm(AuthenticationForm):
    error_messages = {
        "invalid_login": gettext_lazy("Tên hoặc mật khẩu không đúng."),
        "inactive": gettext_lazy("Tài khoản này đã bị khoá."),
        "too_many": gettext_lazy("Sai quá nhiều lần; hãy chờ 15 phút rồi thử lại."),
    }

    def get_invalid_login_error(self) -> Any:
        name = str(self.cleaned_data.get("username", "")).strip().lower()
        if backend.too_many(name, backend.address_of(self.request), timezone.now()):
            return self._error("too_many")
        return self._error("invalid_login")

    def _error(self, code: str) -> Any:
        error = super().get_invalid_login_error()
        error.message, error.code = self.error_messages[code], code
        return error


class Login(LoginView):
    template_name = "web/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


def password(request: HttpRequest) -> HttpResponse:
    """The own password; a generated one must be changed here before anything else."""
    form = PasswordForm(me(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        people.change_password(me(request), form.cleaned_data["new"])
        update_session_auth_hash(request, me(request))
        messages.success(request, _("Đã đổi mật khẩu."), extra_tags="good")
        return redirect("home")
    return render(request, "web/password.html", {"form": form}, status=400 if form.errors else 200)


def account(request: HttpRequest) -> HttpResponse:
    """Who I am, what I may do and where, and my tokens. A new secret is shown on this one answer only."""
    shown: dict[str, str] = {}
    if request.method == "POST" and "token" in request.POST:
        shown["token"] = people.new_token(me(request), request.POST.get("name", "").strip() or _("không tên"))
    elif request.method == "POST" and "broker" in request.POST and rights.has_anywhere(me(request), "broker"):
        access, secret = broker_access.renew(me(request))
        shown.update(broker_user=access.username, broker_password=secret, **_broker_place())
    context = {
        "shown": shown,
        "memberships": me(request).memberships.select_related("unit"),
        "tokens": me(request).api_tokens.order_by("-created"),
        "may_broker": rights.has_anywhere(me(request), "broker"),
        "access": broker_access.of(me(request)),
    }
    return render(request, "web/account.html", context)


def _broker_place() -> dict[str, str]:
    """Host and port of the broker; nothing while it does not run."""
    try:
        address = BrokerAddress.load(settings.HOME.run)
    except FileNotFoundError:
        return {}
    return {"broker_host": address.host, "broker_port": str(address.port)}


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(ApiToken, pk=pk, user=me(request)).delete()
    messages.success(request, _("Đã thu hồi mã truy cập."), extra_tags="good")
    return redirect("me")


def more(request: HttpRequest) -> HttpResponse:
    """The rest of the navigation, on a telephone."""
    return render(request, "web/more.html")
