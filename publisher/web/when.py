"""The days on which a bulletin will show, in words: solar, lunar, and the holiday it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, Final

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from player.listing import coming_days
from player.model import DayPart, Item, Priority, Version, Window
from player.schedule.holidays import Name, holiday
from player.schedule.lunar import lunar_day
from publisher.bulletins import dates
from publisher.bulletins.content import Content

COUNT: Final = 5
WEEKDAYS: Final = (
    gettext_lazy("Thứ Hai"), gettext_lazy("Thứ Ba"), gettext_lazy("Thứ Tư"), gettext_lazy("Thứ Năm"),
    gettext_lazy("Thứ Sáu"), gettext_lazy("Thứ Bảy"), gettext_lazy("Chủ nhật"),
)  # fmt: skip
_HOLIDAYS: Final[dict[Name, Promise]] = {
    Name.NEW_YEAR: gettext_lazy("Tết Dương lịch"),
    Name.TET: gettext_lazy("nghỉ Tết Nguyên đán"),
    Name.HUNG_KINGS: gettext_lazy("Giỗ Tổ Hùng Vương"),
    Name.REUNIFICATION: gettext_lazy("ngày Chiến thắng 30/4"),
    Name.LABOUR: gettext_lazy("Quốc tế Lao động 1/5"),
    Name.NATIONAL: gettext_lazy("nghỉ Quốc khánh"),
    Name.CULTURE: gettext_lazy("Ngày Văn hóa Việt Nam"),
}


def next_days(content: Content, zone: tzinfo, now: datetime, count: int = COUNT) -> list[str]:
    """The next days in words; empty where there is none in two years. The content must have no problems."""
    window = Window(start=content.starts, end=content.ends)
    item = Item(
        id="x", revision=1, priority=Priority.ROUTINE, versions=(Version(lang="vi"),), dwell_s=1.0, windows=(window,),
        dayparts=tuple(parts(content.dayparts)), dates=dates.rules(content.dates),
        exdates=dates.rules(content.exdates),
    )  # fmt: skip
    return [in_words(day) for day in coming_days(item, zone, now, count)]


def in_words(day: date) -> str:
    """ "Thứ Năm 24/12/2026, ngày 16 tháng 11 âm lịch"."""
    moon = lunar_day(day)
    names = {1: _("mùng một"), 15: _("rằm")}
    words = {
        "weekday": WEEKDAYS[day.weekday()], "date": f"{day:%d/%m/%Y}", "month": moon.month,
        "day": names.get(moon.day, _("ngày %d") % moon.day), "leap": _(" nhuận") if moon.leap else "",
    }  # fmt: skip
    said = _("%(weekday)s %(date)s, %(day)s tháng %(month)s%(leap)s âm lịch") % words
    found = holiday(day)
    return f"{said} – {_HOLIDAYS[found]}" if found is not None else said


def parts(given: Iterable[Mapping[str, Any]]) -> list[DayPart]:
    """The hours kept in a row."""
    return msgspec.convert([dict(part) for part in given], list[DayPart])
