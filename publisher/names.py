"""Names that people give: of units, groups, boards and persons.

They stand in the header of a board, in pages and in reports, so they pass the same door as a bulletin's text. Forms
check at the field (`NameField`), services check again with `checked`, because management commands come that way.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from publisher.bulletins import check
from publisher.languages import in_both


def checked(model: type[Model], **typed: str) -> dict[str, str]:
    """The names as `model` keeps them: composed (NFC), on one line, without needless spaces.

    Raises ValidationError with what is wrong with each, by field; of every field at once.
    """
    kept: dict[str, str] = {}
    faults: dict[str, ValidationError] = {}
    for field, words in typed.items():
        try:
            kept[field] = _checked(words, *_limits(model, field))
        except ValidationError as fault:
            faults[field] = fault
    if faults:
        raise ValidationError(faults)
    return kept


def told(refused: ValidationError) -> tuple[str, str]:
    """All that was refused, in a line of Vietnamese and a line of English, for a management command."""
    return in_both(_Lines(refused))


class _Lines:
    """Prints as the messages of an error, in the language of the moment."""

    def __init__(self, refused: ValidationError) -> None:
        self._refused = refused

    def __str__(self) -> str:
        return " ".join(self._refused.messages)


class NameField(forms.CharField):
    """A form's field for a name that the field `name` of `model` will keep."""

    def __init__(self, model: type[Model], name: str, **kwargs: Any) -> None:
        self.limit, optional = _limits(model, name)
        super().__init__(max_length=self.limit, **{"required": not optional} | kwargs)

    def clean(self, value: Any) -> str:
        return _checked(super().clean(value), self.limit, not self.required)


def _limits(model: type[Model], field: str) -> tuple[int, bool]:
    """How many letters the field takes, and whether it may be empty."""
    found: Any = model._meta.get_field(field)
    return int(found.max_length), bool(found.blank)


def _checked(words: str, limit: int, optional: bool) -> str:
    name = " ".join(check.cleaned(words).split())
    if not name and not optional:
        raise ValidationError(_("Hãy ghi tên."), "empty")
    problems = check.name_refusals(name, limit)
    if problems:
        raise ValidationError([ValidationError(format_lazy("{}", problem), problem.code) for problem in problems])
    return name
