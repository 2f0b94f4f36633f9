"""The dates of a bulletin as they are kept in its row, and what keeps them from being stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from player.model import DateRule, DateRules, Recurrence
from player.schedule import recurrence
from player.schedule.recurrence import Fault, RecurrenceError
from publisher.bulletins.check import Problem

_FAULTS: Final[dict[Fault, Promise]] = {
    Fault.FORM: _("Quy tắc lặp phải có dạng FREQ=WEEKLY;BYDAY=MO,TH:"),
    Fault.START: _("Thời điểm bắt đầu lặp không hợp lệ (từ năm 2000 đến 2099):"),
    Fault.FREQUENCY: _("FREQ chỉ được là DAILY, WEEKLY, MONTHLY hoặc YEARLY; nhiều lần trong ngày thì thêm BYHOUR:"),
    Fault.PART: _("Quy tắc lặp có phần không dùng được hoặc ghi hai lần:"),
    Fault.VALUE: _("Quy tắc lặp có giá trị không hợp lệ:"),
    Fault.OFTEN: _("Quy tắc lặp quá 48 lần một ngày:"),
    Fault.NEVER: _("Quy tắc lặp này không rơi vào ngày nào trong mười năm tới:"),
}
_FORM: Final = _("Ngày phát ghi không đúng:")


def problems(given: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """What is wrong with these rules; empty for rules a board takes."""
    try:
        found = rules(given)
    except msgspec.ValidationError as error:
        return [Problem("dates", _FORM, str(error))]
    return [problem for rule in found if isinstance(rule, Recurrence) and (problem := _refused(rule)) is not None]


def rules(given: Iterable[Mapping[str, Any]]) -> tuple[DateRule, ...]:
    """The rules kept in a row. Raises msgspec.ValidationError for what is none."""
    return msgspec.convert([dict(rule) for rule in given], DateRules)


def _refused(rule: Recurrence) -> Problem | None:
    try:
        recurrence.check(rule)
    except RecurrenceError as error:
        return Problem(f"recurrence-{error.fault}", _FAULTS[error.fault], error.part)
    return None
