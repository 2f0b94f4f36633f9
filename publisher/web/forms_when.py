"""On which days a bulletin shows: a few plain choices on the page, the rules of player.when in the row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from player.when import DAY_MIN

EVERY, WEEKDAYS, MOON, LUNAR, HOLIDAYS, RULE = "every", "weekdays", "moon", "lunar", "holidays", "rule"
KEEP: Final = "keep"  # days and hours of the stored bulletin that these fields cannot say
MONTHS: Final = ((0, _("mỗi tháng")), *((month, _("tháng %d") % month) for month in range(1, 13)))
_START: Final = "%Y-%m-%dT%H:%M"
_MOON_DAYS: Final = ({"kind": "lunar", "day": 1}, {"kind": "lunar", "day": 15})
_HOLIDAY: Final = {"kind": "holiday"}

DAYS: Final = (
    (EVERY, _("Mỗi ngày")),
    (WEEKDAYS, _("Chọn thứ trong tuần")),
    (MOON, _("Ngày rằm và mùng một")),
    (LUNAR, _("Một ngày âm lịch (giỗ Tổ, lễ hội…)")),
    (HOLIDAYS, _("Ngày lễ, tết")),
    (RULE, _("Lặp lại nâng cao (RRULE)")),
)


class WhenFields(forms.Form):
    """The choice of days. `rules()` and `exceptions()` are what the row keeps; the form must be valid."""

    on_days = forms.ChoiceField(
        label=_("Phát vào ngày nào"), required=False, initial=EVERY, widget=forms.RadioSelect,
        choices=DAYS,
    )  # fmt: skip
    lunar_day = forms.IntegerField(
        label=_("Ngày âm lịch"), required=False, min_value=1, max_value=30,
        help_text=_("30 là ngày cuối tháng, kể cả tháng thiếu."),
    )  # fmt: skip
    lunar_month = forms.TypedChoiceField(
        label=_("Tháng âm lịch"), required=False, coerce=int, choices=MONTHS, initial=0
    )
    lead_days = forms.IntegerField(label=_("Phát trước mấy ngày"), required=False, initial=0, min_value=0, max_value=15)
    rule = forms.CharField(
        label=_("Quy tắc lặp (RRULE)"), required=False, max_length=300,
        help_text=_("Ví dụ: FREQ=MONTHLY;BYDAY=1MO là thứ Hai đầu mỗi tháng."),
    )  # fmt: skip
    rule_start = forms.DateTimeField(
        label=_("Lần đầu"), required=False, input_formats=[_START, f"{_START}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_START),
    )  # fmt: skip
    rule_min = forms.IntegerField(label=_("Mỗi lần kéo dài (phút)"), required=False, min_value=1, max_value=7 * DAY_MIN)
    skip_holidays = forms.BooleanField(label=_("Không phát vào ngày lễ, tết"), required=False)
    times_a_day = forms.IntegerField(
        label=_("Hiện ít nhất bao nhiêu lần mỗi ngày"), required=False, initial=0, min_value=0, max_value=288,
        help_text=_("0: lần lượt như các tin khác."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("on_days")
        if chosen == LUNAR and cleaned.get("lunar_day") is None and "lunar_day" not in self.errors:
            self.add_error("lunar_day", _("Hãy ghi ngày âm lịch, từ 1 đến 30."))
        if chosen == RULE:
            for name in ("rule", "rule_start", "rule_min"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Lặp lại nâng cao cần quy tắc, lần đầu và thời gian kéo dài."))
        if chosen == HOLIDAYS and cleaned.get("skip_holidays"):
            self.add_error("on_days", _("Đã chọn chỉ phát ngày lễ, tết thì không thể nghỉ những ngày đó."))
        return cleaned

    def offer_keeping(self) -> None:
        """Let the stored days and hours be kept as they are, and let that be what happens unless another is chosen."""
        field = self.fields["on_days"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(KEEP, _("Giữ nguyên ngày và giờ đã đặt")), *DAYS]
        self.initial["on_days"] = KEEP
        for name in ("part_from", "part_to", "weekdays"):
            self.initial.pop(name, None)

    def rules(self) -> tuple[dict[str, Any], ...]:
        typed = self.cleaned_data
        chosen = typed.get("on_days")
        if chosen == MOON:
            return tuple(dict(rule, lead_days=typed["lead_days"] or 0) for rule in _MOON_DAYS)
        if chosen == LUNAR:
            return ({"kind": "lunar", "day": typed["lunar_day"], "month": typed["lunar_month"] or 0,
                     "lead_days": typed["lead_days"] or 0},)  # fmt: skip
        if chosen == HOLIDAYS:
            return (dict(_HOLIDAY),)
        if chosen == RULE:
            start = typed["rule_start"].strftime(_START)
            return (
                {"kind": "rrule", "rule": typed["rule"].strip(), "start": start, "duration_min": typed["rule_min"]},
            )
        return ()

    def exceptions(self) -> tuple[dict[str, Any], ...]:
        return (dict(_HOLIDAY),) if self.cleaned_data.get("skip_holidays") else ()


def initial_days(
    dates: tuple[Mapping[str, Any], ...], exdates: tuple[Mapping[str, Any], ...], *, some_weekdays: bool
) -> dict[str, Any]:
    """Stored rules as the fields show them. Of rules the fields cannot say, the first is shown; see web.kept."""
    shown: dict[str, Any] = {"skip_holidays": any(rule.get("kind") == "holiday" for rule in exdates)}
    first = dates[0] if dates else {}
    if not dates:
        return shown | {"on_days": WEEKDAYS if some_weekdays else EVERY}
    if first["kind"] == "rrule":
        return shown | {"on_days": RULE, "rule": first["rule"], "rule_start": first["start"],
                        "rule_min": first["duration_min"]}  # fmt: skip
    if first["kind"] == "holiday":
        return shown | {"on_days": HOLIDAYS}
    shown["lead_days"] = first.get("lead_days", 0)
    if [(rule.get("day"), rule.get("month", 0)) for rule in dates] == [(1, 0), (15, 0)]:
        return shown | {"on_days": MOON}
    return shown | {"on_days": LUNAR, "lunar_day": first["day"], "lunar_month": first.get("month", 0)}
