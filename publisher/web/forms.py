"""What people type, checked and turned into the values the services take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from player.when import DAY_MIN
from publisher.accounts import rights
from publisher.accounts.models import User
from publisher.bulletins import reading
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin
from publisher.media.models import Asset
from publisher.screens.models import Screen
from publisher.units import services
from publisher.units.models import Unit
from publisher.web.field_words import speak
from publisher.web.forms_pasted import PastedFields
from publisher.web.forms_recordings import RecordingFields, known_asset
from publisher.web.forms_spoken import SpokenFields, initial_spoken
from publisher.web.forms_when import KEEP, WhenFields, initial_days
from publisher.web.forms_when import WEEKDAYS as WHEN_WEEKDAYS
from publisher.web.kept import Kept

WEEKDAYS: Final = ((1, "T2"), (2, "T3"), (3, "T4"), (4, "T5"), (5, "T6"), (6, "T7"), (7, "CN"))
LEVELS: Final = (
    (0, _("Không nêu")),
    (1, _("Cấp 1 – thấp (xanh dương nhạt)")),
    (2, _("Cấp 2 – trung bình (vàng nhạt)")),
    (3, _("Cấp 3 – lớn (da cam)")),
    (4, _("Cấp 4 – rất lớn (đỏ)")),
    (5, _("Cấp 5 – thảm họa (tím)")),
)
HOURS: Final = (
    (1, _("1 giờ")), (3, _("3 giờ")), (6, _("6 giờ")), (12, _("12 giờ")), (24, _("1 ngày")), (72, _("3 ngày")),
)  # fmt: skip
_MOMENT: Final = "%Y-%m-%dT%H:%M"


class BaseForm(forms.Form):
    """Forms that say what is wrong beside the field, for eyes and for screen readers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            speak(field)


class Moment(forms.DateTimeField):
    """A local date and time, as the browser's own picker gives it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
        super().__init__(required=False, input_formats=[_MOMENT, "%Y-%m-%dT%H:%M:%S"], widget=widget, **kwargs)


def minutes(moment: Any) -> int:
    return int(moment.hour * 60 + moment.minute)


def clock(value_min: int) -> str:
    return f"{value_min // 60 % 24:02d}:{value_min % 60:02d}"


class Targets:
    """The places a person may send to: units with screens, groups and single screens, as choices of two fields."""

    def __init__(self, user: User, verb: str) -> None:
        self.codes = rights.units_where(user, verb)
        screens = Screen.objects.filter(unit_id__in=self.codes, revoked=None).select_related("unit")
        self.screens = [(screen.id, f"{screen.name} – {screen.unit.name}") for screen in screens]
        held = {screen.unit_id for screen in screens}
        with_screens = {code for code in held for code in services.ancestors(code)} & self.codes
        units = Unit.objects.filter(code__in=self.codes).order_by("official", "code")
        self.units = [(unit.code, unit.name) for unit in units if unit.code in with_screens or unit.kind == "group"]


def writing_units(user: User, verb: str) -> list[tuple[str, str]]:
    """Units a person may write in, their own first."""
    own = list(user.memberships.values_list("unit_id", flat=True))
    codes = rights.units_where(user, verb)
    units = Unit.objects.filter(code__in=codes).exclude(kind="group").order_by("code")
    ordered = sorted(units, key=lambda unit: (unit.code not in own, unit.code))
    return [(unit.code, unit.name) for unit in ordered]


class ComposeForm(WhenFields, RecordingFields, SpokenFields, PastedFields, BaseForm):
    """A routine or priority bulletin; `stored` is what it was before, of which nothing is lost by saving."""

    unit = forms.ChoiceField(label=_("Đơn vị phát tin"))
    body = forms.CharField(
        label=_("Nội dung"), required=False, strip=False,
        widget=forms.Textarea(attrs={"class": "big", "rows": 12, "lang": "vi", "autofocus": True}),
    )  # fmt: skip
    title = forms.CharField(label=_("Tiêu đề (không bắt buộc)"), required=False, max_length=300)
    title2 = forms.CharField(label=_("Tiêu đề"), required=False, max_length=300)
    body2 = forms.CharField(label=_("Nội dung"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6}))
    picture = forms.CharField(required=False, widget=forms.HiddenInput)
    priority = forms.ChoiceField(
        label=_("Mức ưu tiên"), widget=forms.RadioSelect, choices=Bulletin.Priority.choices[:2], initial="routine"
    )
    rank = forms.IntegerField(
        label=_("Thứ tự giữa các tin ưu tiên"), required=False, initial=0, min_value=-99, max_value=99,
        help_text=_("Số nhỏ lên trước."),
    )  # fmt: skip
    always = forms.BooleanField(label=_("Tin nền: chỉ hiện khi không còn tin nào khác"), required=False)
    starts = Moment(label=_("Phát từ"))
    ends = Moment(label=_("Phát đến"))
    part_from = forms.TimeField(
        label=_("Từ giờ"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    part_to = forms.TimeField(
        label=_("Đến giờ"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Các ngày"), required=False, coerce=int, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple,
        initial=[day for day, _name in WEEKDAYS],
    )  # fmt: skip
    speech_times = forms.IntegerField(
        label=_("Số lần đọc trong mỗi khung giờ phát thanh"), required=False, initial=2, min_value=0, max_value=20,
        help_text=_("0: không đọc."),
    )  # fmt: skip
    speak_at_debut = forms.BooleanField(label=_("Đọc ngay khi lên bảng"), required=False)
    targets = forms.MultipleChoiceField(label=_("Đơn vị, nhóm"), required=False, widget=forms.CheckboxSelectMultiple)
    screens = forms.MultipleChoiceField(label=_("Từng bảng"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, user: User, *args: Any, stored: Content | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: Kept | None = None
        places = _offer(self, user, "write")
        if stored is not None:
            self.kept = Kept(stored, frozenset(dict(places.units)), frozenset(dict(places.screens)))
        if self.kept is not None and self.kept.days:
            self.offer_keeping()

    def clean_picture(self) -> str:
        return known_asset(self.cleaned_data["picture"], Asset.Kind.PICTURE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("lang2") == "" and (cleaned.get("body2") or "").strip():
            self.add_error("lang2", _("Hãy chọn ngôn ngữ của nội dung thứ hai."))
        if bool(cleaned.get("part_from")) != bool(cleaned.get("part_to")):
            self.add_error("part_to", _("Hãy ghi cả giờ bắt đầu và giờ kết thúc, hoặc bỏ trống cả hai."))
        elif cleaned.get("part_from") and cleaned.get("on_days") == KEEP:
            self.add_error("part_to", _("Ngày và giờ đang được giữ nguyên; muốn đổi giờ, hãy chọn lại ngày phát."))
        return cleaned

    def unit_row(self) -> Unit:
        """The unit it is written for; the form must be valid there."""
        return Unit.objects.get(pk=self.cleaned_data["unit"])

    def content(self) -> Content:
        """The typed values, with what the form cannot show of those before; the form must be valid."""
        said = self._said()
        return self.kept.merged(said, self.cleaned_data["on_days"]) if self.kept is not None else said

    def _said(self) -> Content:
        typed = self.cleaned_data
        spoken = self.said(reading.machine(typed["title"], typed["body"], self.unit_row()))
        first = TextIn("vi", typed["body"], typed["title"], spoken, typed["audio"] or None, self.originals(spoken))
        texts = [first]
        if typed["lang2"]:
            texts.append(TextIn(typed["lang2"], typed["body2"], typed["title2"], None, typed["audio2"] or None))
        return Content(
            texts=tuple(texts),
            priority=typed["priority"],
            picture=typed["picture"] or None,
            rank=typed["rank"] or 0,
            always=typed["always"],
            starts=typed["starts"],
            ends=typed["ends"],
            dayparts=self._dayparts(),
            dates=self.rules(),
            exdates=self.exceptions(),
            times_a_day=typed["times_a_day"] or 0,
            speech_times=typed["speech_times"] or 0,
            speak_at_debut=typed["speak_at_debut"],
            targets=tuple(typed["targets"]),
            screens=tuple(typed["screens"]),
        )

    def _dayparts(self) -> tuple[dict[str, Any], ...]:
        typed = self.cleaned_data
        every = [day for day, _name in WEEKDAYS]
        chosen = typed["on_days"] in {"", WHEN_WEEKDAYS}
        days = (sorted(typed["weekdays"]) or every) if chosen else every
        if typed["part_from"] is None:
            return () if days == every else ({"start_min": 0, "end_min": DAY_MIN, "weekdays": days},)
        return ({"start_min": minutes(typed["part_from"]), "end_min": minutes(typed["part_to"]), "weekdays": days},)


class EmergencyForm(RecordingFields, SpokenFields, BaseForm):
    """An emergency: as few questions as a tired person on a telephone can answer."""

    unit = forms.ChoiceField(label=_("Đơn vị phát tin"))
    body = forms.CharField(
        label=_("Nội dung khẩn cấp"), strip=False,
        widget=forms.Textarea(attrs={"class": "big short", "rows": 5, "lang": "vi", "autofocus": True}),
        error_messages={"required": _("Hãy viết nội dung khẩn cấp.")},
    )  # fmt: skip
    level = forms.TypedChoiceField(label=_("Cấp độ rủi ro thiên tai"), coerce=int, choices=LEVELS, initial=0)
    hours = forms.TypedChoiceField(label=_("Tự kết thúc sau"), coerce=int, choices=HOURS, initial=12)
    repeat_min = forms.TypedChoiceField(
        label=_("Đọc lại sau mỗi"), coerce=int, initial=10,
        choices=((5, _("5 phút")), (10, _("10 phút")), (15, _("15 phút")), (30, _("30 phút")), (60, _("1 giờ"))),
    )  # fmt: skip
    targets = forms.MultipleChoiceField(label=_("Đơn vị, nhóm"), required=False, widget=forms.CheckboxSelectMultiple)
    screens = forms.MultipleChoiceField(label=_("Từng bảng"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, user, "publish")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("audio2") and not cleaned.get("lang2"):
            self.add_error("lang2", _("Hãy chọn ngôn ngữ của bản ghi âm thứ hai."))
        return cleaned

    def unit_row(self) -> Unit:
        return Unit.objects.get(pk=self.cleaned_data["unit"])

    def content(self, now: datetime) -> Content:
        typed = self.cleaned_data
        spoken = self.said(reading.machine("", typed["body"], self.unit_row()))
        return Content(
            texts=(TextIn("vi", typed["body"], spoken=spoken, audio=typed["audio"] or None), *self._second(typed)),
            priority=Bulletin.Priority.EMERGENCY,
            level=typed["level"],
            ends=now + timedelta(hours=typed["hours"]),
            repeat_s=typed["repeat_min"] * 60,
            speech_times=0,
            speak_at_debut=True,
            targets=tuple(typed["targets"]),
            screens=tuple(typed["screens"]),
        )

    def _second(self, typed: dict[str, Any]) -> tuple[TextIn, ...]:
        """The same in another language, to be heard alone."""
        return (TextIn(typed["lang2"], "", audio=typed["audio2"]),) if typed["audio2"] else ()


def initial_of(bulletin: Bulletin, content: Content) -> dict[str, Any]:
    """A stored bulletin as ComposeForm shows it."""
    first = next((text for text in content.texts if text.lang == "vi"), None)
    second = next((text for text in content.texts if text.lang != "vi"), None)
    shown: dict[str, Any] = {
        "unit": bulletin.unit_id, "priority": content.priority, "rank": content.rank, "always": content.always,
        "starts": _local(content.starts), "ends": _local(content.ends), "speech_times": content.speech_times,
        "speak_at_debut": content.speak_at_debut, "picture": content.picture or "",
        "targets": list(content.targets), "screens": list(content.screens),
    }  # fmt: skip
    if first:
        shown |= {"title": first.title, "body": first.body, "audio": first.audio or ""}
        shown |= initial_spoken(first, bulletin)
    if second:
        shown |= {"lang2": second.lang, "title2": second.title, "body2": second.body, "audio2": second.audio or ""}
    part = content.dayparts[0] if content.dayparts else {}
    some_weekdays = len(part.get("weekdays", WEEKDAYS)) < len(WEEKDAYS)
    shown |= initial_days(content.dates, content.exdates, some_weekdays=some_weekdays)
    shown["times_a_day"] = content.times_a_day
    if content.dayparts:
        shown["weekdays"] = part.get("weekdays", [day for day, _name in WEEKDAYS])
        if (part["start_min"], part["end_min"]) != (0, DAY_MIN):
            shown["part_from"], shown["part_to"] = clock(part["start_min"]), clock(part["end_min"])
    return shown


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None


def _offer(form: forms.Form, user: User, verb: str) -> Targets:
    offered = Targets(user, verb)
    offer(form, "unit", writing_units(user, verb))
    offer(form, "targets", offered.units)
    offer(form, "screens", offered.screens)
    return offered


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give the field `name` its choices."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)
