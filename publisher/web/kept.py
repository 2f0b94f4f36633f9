"""What a stored bulletin holds that the writing form has no field for: told on the page, and kept when it is saved.

Other programs write through the HTTP API, which can say more than a form people should understand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from player.when import DAY_MIN
from publisher.bulletins import check, dates
from publisher.bulletins.content import Content, TextIn
from publisher.web import when_words
from publisher.web.forms_when import KEEP, WhenFields, initial_days

WHOLE_WEEK: Final = 7


@dataclass(frozen=True)
class Kept:
    """Of a stored `content`: what the form cannot show. Places are shown if they are among those it offers."""

    content: Content
    units: frozenset[str]
    screens: frozenset[str]

    @property
    def days(self) -> bool:
        """Whether the days and hours are more than the fields can say."""
        return not sayable(self.content)

    @property
    def when_lines(self) -> list[str]:
        """Those days and hours in words."""
        kept = self.content
        return when_words.rules({"dates": kept.dates, "exdates": kept.exdates, "dayparts": kept.dayparts})

    @property
    def langs(self) -> list[str]:
        """Languages that have no field on the page, which has two."""
        others = [text.lang for text in self.content.texts if text.lang != "vi"]
        return others[1:]

    @property
    def read_lang(self) -> str:
        """The second language, where it has a spoken form of its own; the page has no field for that."""
        second = next((text for text in self.content.texts if text.lang != "vi"), None)
        return second.lang if second is not None and second.spoken is not None else ""

    @property
    def places(self) -> int:
        """How many places are not offered to this person."""
        return len(set(self.content.targets) - self.units) + len(set(self.content.screens) - self.screens)

    def merged(self, typed: Content, on_days: str) -> Content:
        """`typed` as the form has it, with all of this bulletin's that the form could not show."""
        old = self.content
        if on_days == KEEP:
            typed = replace(typed, dates=old.dates, exdates=old.exdates, dayparts=old.dayparts)
        return replace(
            typed,
            texts=self._texts(typed.texts),
            level=old.level,
            repeat_s=old.repeat_s,
            targets=(*typed.targets, *(code for code in old.targets if code not in self.units)),
            screens=(*typed.screens, *(name for name in old.screens if name not in self.screens)),
        )

    def _texts(self, typed: Iterable[TextIn]) -> tuple[TextIn, ...]:
        stored = {text.lang: text for text in self.content.texts}
        texts = tuple(_with_reading(text, stored.get(text.lang)) for text in typed)
        named = {text.lang for text in texts}
        return (*texts, *(stored[lang] for lang in self.langs if lang not in named))


def sayable(content: Content) -> bool:
    """Whether the fields for days and hours, filled from `content`, would give the same back."""
    return _days_sayable(content) and _hours_sayable(content.dayparts, dated=bool(content.dates))


def _days_sayable(content: Content) -> bool:
    form = WhenFields(initial_days(content.dates, content.exdates, some_weekdays=False))
    if not form.is_valid():
        return False
    said = (dates.rules(form.rules()), dates.rules(form.exceptions()))
    return said == (dates.rules(content.dates), dates.rules(content.exdates))


def _hours_sayable(parts: tuple[Mapping[str, Any], ...], *, dated: bool) -> bool:
    if len(parts) != 1:
        return not parts
    some_weekdays = len(set(parts[0].get("weekdays", range(WHOLE_WEEK)))) < WHOLE_WEEK
    return not (some_weekdays and dated) and parts[0]["start_min"] < DAY_MIN


def _with_reading(typed: TextIn, stored: TextIn | None) -> TextIn:
    """A spoken form belongs to its words: it stays only where these are unchanged."""
    if stored is None or typed.lang == "vi" or typed.spoken is not None:
        return typed
    same = (check.cleaned(typed.title), check.cleaned(typed.body)) == (stored.title, stored.body)
    return replace(typed, spoken=stored.spoken) if same else typed
