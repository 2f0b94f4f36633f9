"""The fields for people's own voices: one with the Vietnamese text, one in a language no machine speaks."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from publisher.media.models import Asset

LANGUAGES: Final = (
    ("km", _("Tiếng Khmer")),
    ("sti", _("Tiếng S'tiêng")),
    ("cmo", _("Tiếng Mnông")),
    ("rad", _("Tiếng Ê Đê")),
    ("jra", _("Tiếng Jrai")),
    ("cjm", _("Tiếng Chăm")),
    ("hmn", _("Tiếng Mông")),
    ("tay", _("Tiếng Tày – Nùng")),
    ("zh", _("Tiếng Hoa")),
    ("en", _("Tiếng Anh")),
)


class RecordingFields(forms.Form):
    """`audio` and `audio2` are SHA-256 of stored recordings; an empty `lang2` goes with no second one."""

    audio = forms.CharField(required=False, widget=forms.HiddenInput)
    lang2 = forms.ChoiceField(label=_("Ngôn ngữ thứ hai"), required=False, choices=(("", "–"), *LANGUAGES))
    audio2 = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_audio(self) -> str:
        return known_asset(self.cleaned_data["audio"], Asset.Kind.AUDIO)

    def clean_audio2(self) -> str:
        return known_asset(self.cleaned_data["audio2"], Asset.Kind.AUDIO)

    def chosen(self, field: str) -> Asset | None:
        """The stored file a field names, to be shown beside it."""
        return Asset.objects.filter(pk=str(self[field].value() or "")).first()


def known_asset(sha256: str, kind: str) -> str:
    """`sha256` if it is stored and of that kind. Raises ValidationError."""
    if sha256 and not Asset.objects.filter(pk=sha256, kind=kind).exists():
        raise forms.ValidationError(_("Tệp này không còn trong kho; hãy tải lên lại."))
    return sha256
