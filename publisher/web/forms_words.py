"""The form of a unit's own readings."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from publisher.units import words
from publisher.web.forms import BaseForm
from tts.lexicon import LexiconError


class WordsForm(BaseForm):
    """One text, a row a line; it is taken only if the reader can use every row."""

    rows = forms.CharField(
        label=_("Cách đọc riêng của đơn vị"), required=False, strip=False, max_length=words.LONGEST,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("Mỗi dòng một chữ viết tắt, ví dụ: KP = khu phố. Lời đọc viết bằng chữ, không có số."),
    )  # fmt: skip

    def clean_rows(self) -> str:
        try:
            return words.rows_of(self.cleaned_data["rows"])
        except LexiconError as error:
            raise forms.ValidationError(
                _("Chưa lưu, vì có dòng không dùng được: %(why)s"), params={"why": error}
            ) from error
