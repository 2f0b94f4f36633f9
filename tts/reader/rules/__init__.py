"""The rules in the order in which they are tried, by what a stretch begins with.

Order is meaning: what needs more context comes first, and each list ends with a rule that takes anything,
so that no digit and no sign is ever left.
"""

from __future__ import annotations

from typing import Final

from tts.reader.engine import Table
from tts.reader.rules import (
    amounts,
    calendar,
    clock,
    contacts,
    dashes,
    documents,
    layout,
    places,
    ratios,
    roman,
    signs,
    weekdays,
    words,
)

RULES: Final[dict[str, Table]] = {
    "digit": Table(
        (
            *layout.DIGIT_RULES,
            *documents.DIGIT_RULES,
            *clock.DIGIT_RULES,
            *weekdays.DIGIT_RULES,
            *places.DIGIT_RULES,
            *ratios.BEFORE_DATES,
            *calendar.DIGIT_RULES,
            *contacts.DIGIT_RULES,
            *ratios.AFTER_DATES,
            *amounts.DIGIT_RULES,
        )
    ),
    "word": Table(
        (
            *contacts.WEB_RULES,
            *places.WORD_RULES,
            *documents.BEFORE_ROMAN,
            *roman.WORD_RULES,
            *calendar.WORD_RULES,
            *weekdays.WORD_RULES,
            *documents.WORD_RULES,
            *words.WORD_RULES,
            *layout.WORD_RULES,
        )
    ),
    "sign": Table(
        (
            *contacts.PHONE_SIGNS,
            *amounts.SIGN_RULES,
            *documents.SIGN_RULES,
            *dashes.SIGN_RULES,
            *signs.SIGN_RULES,
        )
    ),
}
