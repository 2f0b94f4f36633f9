"""What the frame around every page needs: the person's unit and the ways they may go."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from publisher.accounts import rights
from publisher.accounts.models import User


class Entry(NamedTuple):
    """A place in the navigation; `look` is `wide` or `narrow` where only one width shows it."""

    name: str
    label: Promise | str
    verb: str = ""  # shown to those who may do this somewhere
    look: str = ""


ENTRIES: Final = (
    Entry("home", _("Trang chính")),
    Entry("compose", _("Soạn tin"), "write"),
    Entry("bulletins", _("Tin")),
    Entry("screens", _("Bảng")),
    Entry("history", _("Nhật ký phát"), look="wide"),
    Entry("units", _("Đơn vị"), look="wide"),
    Entry("people", _("Người dùng"), "govern", "wide"),
    Entry("me", _("Tài khoản"), look="wide"),
    Entry("emergency", _("Khẩn cấp"), "publish", "alarm"),
    Entry("more", _("Thêm"), look="narrow"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `nav_unit` and `version` for the base template; empty before log-in."""
    common = {"version": version("bangtin")}
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.must_change_password:
        return common
    first = user.memberships.select_related("unit").order_by("pk").first()
    here = request.resolver_match.url_name if request.resolver_match else ""
    return common | {"nav": entries_for(user, here or ""), "nav_unit": first.unit.name if first else ""}


def entries_for(user: User, here: str) -> list[dict[str, Any]]:
    """The entries `user` may use, as the template wants them."""
    return [
        {"name": e.name, "url": reverse(e.name), "label": e.label, "look": e.look, "current": e.name == here}
        for e in ENTRIES
        if not e.verb or rights.has_anywhere(user, e.verb)
    ]
