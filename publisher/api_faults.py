"""What is wrong with a request to the API, field by field, in words for people.

pydantic speaks English only; here each of its kinds of error gets a sentence of ours. A detail names the field, what is
allowed there and what came instead. It prints in the language that is active when it is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from json import JSONDecodeError
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from ninja import Schema


class ErrorOut(Schema):
    """What went wrong, for a program and for people."""

    code: str
    message: str
    message_en: str
    details: list[str] = []
    details_en: list[str] = []


class NotThereError(Exception):
    """A unit or a bulletin that is not there, or not for this person. `what` names it."""

    def __init__(self, words: Promise | str, name: str) -> None:
        self.what = format_lazy("{} {}", words, repr(name[:60]))
        super().__init__(name)


FAULTS: Final[dict[Any, Any]] = dict.fromkeys((401, 403, 404, 409, 422), ErrorOut)  # answers, by their status

_INTEGER: Final = _("phải là số nguyên")
_BOOLEAN: Final = _("phải là true hoặc false")
_TEXT: Final = _("phải là một chuỗi chữ")
_OBJECT: Final = _("phải là một đối tượng JSON")
_MOMENT: Final = _("phải là ngày giờ như 2026-12-01T07:00:00+07:00")
_OTHER: Final = _("giá trị không dùng được")

# By pydantic's `type` of an error; what stands in braces comes from its `ctx`.
_WORDS: Final = {
    "missing": _("còn thiếu"),
    "extra_forbidden": _("không có trường tên này"),
    "literal_error": _("phải là một trong {expected}"),
    "greater_than_equal": _("nhỏ nhất là {ge}"),
    "less_than_equal": _("lớn nhất là {le}"),
    "too_short": _("phải có ít nhất {min_length} phần tử"),
    "too_long": _("chỉ được có nhiều nhất {max_length} phần tử"),
    "string_too_short": _("phải có ít nhất {min_length} chữ cái"),
    "string_too_long": _("chỉ được có nhiều nhất {max_length} chữ cái"),
    "string_pattern_mismatch": _("phải theo mẫu {pattern}"),
    "union_tag_not_found": _("phải có trường {discriminator}"),
    "union_tag_invalid": _("{discriminator} phải là một trong {expected_tags}"),
    "list_type": _("phải là một danh sách"),
    "timezone_aware": _("phải ghi múi giờ, như 2026-12-01T07:00:00+07:00"),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float", "finite_number"), _INTEGER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _BOOLEAN),
    **dict.fromkeys(("string_type", "string_unicode"), _TEXT),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), _OBJECT),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"), _MOMENT
    ),
}
_VALUELESS: Final = frozenset(("missing", "extra_forbidden"))  # the name alone says it
_LINE_LIMIT: Final = 60


def field_faults(errors: Iterable[Mapping[str, Any]]) -> list[Promise | str]:
    """A detail for each of pydantic's errors, in their order. An error without `input` is told without the value."""
    return [_fault(error) for error in errors]


def unreadable(cause: BaseException | None) -> list[Promise | str]:
    """Why a body could not be read as JSON at all: where it breaks off, if that is known."""
    if isinstance(cause, JSONDecodeError):
        broken = _("Nội dung không phải JSON: hỏng ở dòng {line}, cột {column}.")
        return [format_lazy(broken, line=cause.lineno, column=cause.colno)]
    return [_("Nội dung phải là JSON, mã UTF-8.")]


def _fault(error: Mapping[str, Any]) -> Promise | str:
    context = dict(error.get("ctx", ()))
    if "expected" in context:  # pydantic joins the choices with an English word
        context["expected"] = context["expected"].replace(" or ", ", ")
    words = format_lazy(_WORDS.get(error["type"], _OTHER), **context)
    if error["type"] in _VALUELESS or "input" not in error:
        return format_lazy("{}: {}", _field(error["loc"]), words)
    return format_lazy(_("{}: {}; đã nhận {}"), _field(error["loc"]), words, _line(repr(error["input"])))


def _field(place: tuple[int | str, ...]) -> str:
    """The field's name as the sender wrote it: without the part of the request and, in a body, our argument's name."""
    inside = place[2:] if place[0] == "body" else place[1:]
    return _line(".".join(str(part) for part in inside or place[:1]))


def _line(words: str) -> str:
    """What somebody sent, without controls and no longer than a line: it stands in logs and on terminals."""
    plain = words if words.isprintable() else ascii(words)
    return plain if len(plain) <= _LINE_LIMIT else plain[: _LINE_LIMIT - 1] + "…"
