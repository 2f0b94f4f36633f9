"""When a stored bulletin shows, in sentences: what somebody approves who never saw the form it was chosen on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from player.when import DAY_MIN, DateRule, DateRules, DayPart, Holiday, LunarDate, Recurrence
from publisher.bulletins import content, dates
from publisher.bulletins.models import Bulletin
from publisher.web import when
from publisher.web.plain import duration

_WAITING: Final = (
    Bulletin.Status.DRAFT, Bulletin.Status.SUBMITTED, Bulletin.Status.RETURNED, Bulletin.Status.ON_AIR,
)  # fmt: skip
_OFTEN: Final[dict[str, Promise]] = {
    "DAILY": gettext_lazy("hằng ngày"),
    "WEEKLY": gettext_lazy("hằng tuần"),
    "MONTHLY": gettext_lazy("hằng tháng"),
    "YEARLY": gettext_lazy("hằng năm"),
}


def lines(bulletin: Bulletin) -> list[str]:
    """Days, hours, exceptions and promises, a sentence each; an emergency has none, it shows at once."""
    if bulletin.priority == Bulletin.Priority.EMERGENCY:
        return []
    return list(_chosen(bulletin)) or [_("Mỗi ngày, mọi giờ")]


def brief(bulletin: Bulletin) -> str:
    """The same in one line for a list; empty where nothing was chosen."""
    return "" if bulletin.priority == Bulletin.Priority.EMERGENCY else " · ".join(_chosen(bulletin))


def rules(given: Mapping[str, Any]) -> list[str]:
    """Sentences for `dates`, `exdates` and `dayparts` as rows keep them."""
    return list(_ruled(dates.rules(given["dates"]), dates.rules(given["exdates"]), when.parts(given["dayparts"])))


def next_days(bulletin: Bulletin, now: datetime) -> list[str] | None:
    """The next days in both calendars, as on the writing page; None where the bulletin will not show any more."""
    if bulletin.priority == Bulletin.Priority.EMERGENCY or bulletin.status not in _WAITING:
        return None
    return when.next_days(content.read(bulletin), timezone.get_current_timezone(), now)


def _chosen(bulletin: Bulletin) -> Iterator[str]:
    yield from rules({"dates": bulletin.dates, "exdates": bulletin.exdates, "dayparts": bulletin.dayparts})
    if bulletin.times_a_day:
        yield _("Hiện ít nhất %d lần mỗi ngày") % bulletin.times_a_day
    if bulletin.always:
        yield _("Tin nền: chỉ hiện khi không còn tin nào khác")


def _ruled(on: DateRules, off: DateRules, parts: list[DayPart]) -> Iterator[str]:
    if on:
        yield _("Chỉ phát: %s") % "; ".join(map(_date, on))
    if off:
        yield _("Không phát: %s") % "; ".join(map(_date, off))
    if parts:
        yield _("Giờ phát: %s") % "; ".join(map(_part, parts))


def _date(rule: DateRule) -> str:
    match rule:
        case LunarDate():
            return _lunar(rule)
        case Holiday():
            return _("ngày lễ, tết")
        case Recurrence():
            return _recurrence(rule)


def _lunar(rule: LunarDate) -> str:
    day = {1: _("mùng một"), 15: _("ngày rằm"), 30: _("ngày cuối")}.get(rule.day, _("ngày %d") % rule.day)
    month = _("tháng %d") % rule.month if rule.month else _("mỗi tháng")
    said = _("%(day)s %(month)s âm lịch") % {"day": day, "month": month}
    if rule.lead_days:
        said += _(", từ %d ngày trước đó") % rule.lead_days
    if rule.days > 1:
        said += _(", trong %d ngày") % rule.days
    return said


def _recurrence(rule: Recurrence) -> str:
    """How often in words and the rule itself behind it: what RFC 5545 can say is more than a sentence holds."""
    parts = dict(part.partition("=")[::2] for part in rule.rule.upper().removeprefix("RRULE:").split(";"))
    return _("lặp lại %(often)s từ %(start)s, mỗi lần %(length)s (%(rule)s)") % {
        "often": _OFTEN.get(parts.get("FREQ", ""), ""), "start": f"{datetime.fromisoformat(rule.start):%H:%M %d/%m/%Y}",
        "length": duration(rule.duration_min * 60), "rule": rule.rule,
    }  # fmt: skip


def _part(part: DayPart) -> str:
    week = sorted(set(part.weekdays))
    days = _("mỗi ngày") if len(week) == 7 else ", ".join(str(when.WEEKDAYS[day - 1]) for day in week)
    if (part.start_min, part.end_min) == (0, DAY_MIN):
        return _("%s, cả ngày") % days
    said = f"{_clock(part.start_min)}–{_clock(part.end_min)}"
    if part.end_min <= part.start_min:
        said += _(" hôm sau")
    return _("%(hours)s, %(days)s") % {"hours": said, "days": days}


def _clock(value_min: int) -> str:
    return f"{value_min // 60:02d}:{value_min % 60:02d}"
