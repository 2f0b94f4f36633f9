"""What Django's own fields say of a value they do not take, in the words of this house instead of Django's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WORDS: Final[dict[str, _StrPromise]] = {
    "required": _("Ô này chưa có gì."),
    "min_value": _("Số nhỏ nhất là %(limit_value)s."),
    "max_value": _("Số lớn nhất là %(limit_value)s."),
    "max_length": _("Dài %(show_value)d ký tự; tối đa %(limit_value)d."),
    "invalid_choice": _("Lựa chọn này không còn; hãy chọn lại."),
    "null_characters_not_allowed": _("Có ký tự không dùng được."),
}  # by the code of the fault
INVALID: Final[tuple[tuple[type[forms.Field], _StrPromise], ...]] = (
    (forms.IntegerField, _("Hãy ghi một số nguyên.")),
    (forms.DateTimeField, _("Hãy ghi đủ ngày và giờ.")),
    (forms.DateField, _("Hãy ghi ngày, tháng và năm.")),
    (forms.TimeField, _("Hãy ghi giờ và phút, ví dụ 07:30.")),
)


def speak(field: forms.Field) -> None:
    """Give `field` these words, but where it was made with words of its own."""
    for code, words in _words_of(field).items():
        if field.error_messages.get(code) == _default(field, code):
            field.error_messages[code] = words


def _words_of(field: forms.Field) -> dict[str, _StrPromise]:
    invalid = next((words for kind, words in INVALID if isinstance(field, kind)), None)
    return WORDS | ({"invalid": invalid} if invalid is not None else {})


def _default(field: forms.Field, code: str) -> object:
    """What Django gives a field of this class; None for the codes of validators, which have words themselves."""
    known = (vars(kind).get("default_error_messages", {}) for kind in type(field).__mro__)
    return next((words[code] for words in known if code in words), None)
