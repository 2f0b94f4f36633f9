"""Forms of the pages for people, units and screens."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from publisher.accounts import people
from publisher.accounts.models import Role, User
from publisher.names import NameField
from publisher.screens.models import Screen
from publisher.units.policy import BOARD, CENTRAL
from publisher.web.forms import BaseForm, clock, minutes, offer, writing_units


class PasswordForm(BaseForm):
    """The old password and a new one, typed once: browsers and password keepers show it on demand."""

    old = forms.CharField(
        label=_("Mật khẩu hiện tại"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("Mật khẩu mới"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Ít nhất 10 ký tự; một câu ngắn dễ nhớ là tốt nhất."),
    )  # fmt: skip

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_old(self) -> str:
        typed: str = self.cleaned_data["old"]
        if not self._user.check_password(typed):
            raise forms.ValidationError(_("Mật khẩu hiện tại không đúng."))
        return typed

    def clean_new(self) -> str:
        typed: str = self.cleaned_data["new"]
        validate_password(typed, self._user)
        if self._user.check_password(typed):
            raise forms.ValidationError(_("Mật khẩu mới phải khác mật khẩu hiện tại."))
        return typed


class MembershipForm(BaseForm):
    """One more role for somebody."""

    unit = forms.ChoiceField(label=_("Đơn vị"))
    role = forms.ChoiceField(label=_("Vai trò"), choices=Role.choices)
    emergency = forms.BooleanField(label=_("Có quyền phát khẩn cấp"), required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", writing_units(user, "govern"))


class PersonForm(MembershipForm):
    """A new person with a first role."""

    field_order = ("username", "full_name")
    username = forms.RegexField(
        people.USERNAME, label=_("Tên đăng nhập"),
        help_text=_("Chữ thường không dấu, số, dấu chấm; ví dụ: lan.nguyen"),
        error_messages={"invalid": people.BAD_USERNAME},
    )  # fmt: skip
    full_name = NameField(User, "full_name", label=_("Họ và tên"), required=True)

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"]
        if User.objects.filter(username=typed).exists():
            raise forms.ValidationError(_("Tên đăng nhập này đã có người dùng."))
        return typed


class ScreenForm(BaseForm):
    """A new board, before it is claimed. Its real size comes with the claim."""

    unit = forms.ChoiceField(label=_("Đơn vị"))
    name = NameField(Screen, "name", label=_("Tên bảng"), help_text=_("Ví dụ: Bảng trước trụ sở"))
    place = NameField(Screen, "place", label=_("Nơi đặt"))
    kind = forms.ChoiceField(label=_("Loại"), choices=(("hdmi", _("Màn hình HDMI")), ("led", _("Bảng LED"))))
    width_px = forms.IntegerField(label=_("Rộng (điểm ảnh)"), initial=1920, min_value=32, max_value=7680)
    height_px = forms.IntegerField(label=_("Cao (điểm ảnh)"), initial=1080, min_value=16, max_value=7680)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", writing_units(user, "operate"))


class DressForm(BaseForm):
    """A unit's crest and colours, as files; what is ticked goes back to those of the unit above."""

    crest = forms.FileField(
        label=_("Biểu trưng"), required=False, max_length=200,
        help_text=_("Ảnh PNG nền trong, mỗi cạnh không quá 1024 điểm ảnh, dưới 1 MB."),
        widget=forms.FileInput(attrs={"accept": "image/png"}),
    )  # fmt: skip
    drop_crest = forms.BooleanField(label=_("Bỏ biểu trưng riêng"), required=False)
    theme = forms.FileField(
        label=_("Tệp màu"), required=False, max_length=200,
        help_text=_("Tệp YAML hoặc JSON đặt màu cho bảng; màu của các cấp độ thiên tai là màu quy định, không đổi."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json"}),
    )  # fmt: skip
    drop_theme = forms.BooleanField(label=_("Bỏ màu riêng"), required=False)


class PolicyForm(BaseForm):
    """What a unit decides for itself; an empty field is inherited from above."""

    opening_from = forms.TimeField(label=_("Bảng sáng từ"), required=False)
    opening_to = forms.TimeField(label=_("Bảng sáng đến"), required=False)
    quiet_from = forms.TimeField(label=_("Giờ yên lặng từ"), required=False)
    quiet_to = forms.TimeField(label=_("Giờ yên lặng đến"), required=False)
    speaking_1_from = forms.TimeField(label=_("Phát thanh sáng từ"), required=False)
    speaking_1_to = forms.TimeField(label=_("Phát thanh sáng đến"), required=False)
    speaking_2_from = forms.TimeField(label=_("Phát thanh chiều từ"), required=False)
    speaking_2_to = forms.TimeField(label=_("Phát thanh chiều đến"), required=False)
    volume_pct = forms.IntegerField(label=_("Âm lượng tối đa (%)"), required=False, min_value=0, max_value=100)
    brightness_pct = forms.IntegerField(label=_("Độ sáng (%)"), required=False, min_value=0, max_value=100)
    dimmed_from = forms.TimeField(label=_("Giảm sáng từ"), required=False)
    dimmed_to = forms.TimeField(label=_("Giảm sáng đến"), required=False)
    dimmed_pct = forms.IntegerField(label=_("Độ sáng khi giảm (%)"), required=False, min_value=0, max_value=100)
    two_person = forms.TypedChoiceField(
        label=_("Người soạn và người duyệt"), required=False, empty_value=None, coerce=lambda typed: typed == "yes",
        choices=(("", _("theo cấp trên")), ("yes", _("phải là hai người")), ("no", _("có thể là một người"))),
    )  # fmt: skip
    thousand = forms.ChoiceField(
        label=_("Đọc 1.000"), required=False,
        choices=(("", _("theo vùng")), ("nghìn", "một nghìn"), ("ngàn", "một ngàn")),
    )  # fmt: skip
    zero = forms.ChoiceField(
        label=_("Đọc 105"), required=False,
        choices=(("", _("theo vùng")), ("linh", "một trăm linh năm"), ("lẻ", "một trăm lẻ năm")),
    )  # fmt: skip
    papers = forms.ChoiceField(
        label=_("Đọc “Kế hoạch số 77/KH-UBND của UBND xã”"), required=False,
        choices=(("", _("theo cấp trên")), ("full", _("đủ: số bảy mươi bảy trên kế hoạch Ủy ban nhân dân")),
                 ("short", _("gọn: số bảy mươi bảy"))),
    )  # fmt: skip
    speech = forms.ChoiceField(
        label=_("Giọng máy do ai đọc"), required=False,
        choices=(("", _("theo cấp trên")), (BOARD, _("từng bảng tự đọc")),
                 (CENTRAL, _("máy chủ đọc sẵn rồi gửi tiếng xuống bảng"))),
        help_text=_("Máy chủ đọc sẵn thì bảng nhỏ cũng có giọng hay; tin khẩn cấp bảng luôn tự đọc ngay."),
    )  # fmt: skip

    _SPANS: Final = {
        "opening": ("opening",),
        "quiet": ("quiet",),
        "speaking": ("speaking_1", "speaking_2"),
        "dimmed": ("dimmed",),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.TimeField):
                self.fields[name].widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def settings(self) -> dict[str, Any]:
        """Only what was filled in, as Unit.settings keeps it."""
        typed = self.cleaned_data
        plain = ("volume_pct", "brightness_pct", "dimmed_pct", "two_person")
        given = {name: typed[name] for name in plain if typed[name] is not None}
        given |= {name: typed[name] for name in ("thousand", "zero", "papers", "speech") if typed[name]}
        for name, spans in self._SPANS.items():
            parts = [
                {"start_min": minutes(typed[f"{span}_from"]), "end_min": minutes(typed[f"{span}_to"])}
                for span in spans
                if typed[f"{span}_from"] is not None and typed[f"{span}_to"] is not None
            ]
            if parts:
                given[name] = parts
        return given

    @classmethod
    def initial_of(cls, settings: dict[str, Any]) -> dict[str, Any]:
        """The stored settings as the form shows them."""
        shown = {name: value for name, value in settings.items() if name not in cls._SPANS}
        if "two_person" in shown:
            shown["two_person"] = "yes" if shown["two_person"] else "no"
        for name, spans in cls._SPANS.items():
            for span, part in zip(spans, settings.get(name, []), strict=False):
                shown[f"{span}_from"], shown[f"{span}_to"] = clock(part["start_min"]), clock(part["end_min"])
        return shown
