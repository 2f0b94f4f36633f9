"""The form of a unit's own readings."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from publisher.units import words
from publisher.web.forms import BaseForm
from tts.lexicon import LexiconError

FAULTS: Final = {
    "columns": _("Dòng %(line)s, “%(value)s”: hãy ghi chữ viết tắt, dấu bằng, rồi lời đọc, ví dụ: KP = khu phố."),
    "digit": _("Dòng %(line)s: lời đọc “%(value)s” có chữ số; hãy viết số bằng chữ."),
    "flags": _("Dòng %(line)s: cột cuối “%(value)s” chỉ được để trống hoặc ghi dấu ?."),
}  # of tts.lexicon


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
                FAULTS[error.fault], code=error.fault, params={"line": error.line, "value": error.value[:80]}
            ) from error
