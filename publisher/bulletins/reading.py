"""The spoken form of a bulletin as its unit's region says it, with the reader's doubts, and how long it takes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from publisher.bulletins import check
from publisher.units import services
from publisher.units.models import Unit
from publisher.units.policy import UnitPolicy, policy_of
from publisher.units.words import Table, lexicon_of, tables_of
from tts.install.installed import installed_voices
from tts.reader import Doubt, Options, Reader, options_for

READ_LANGUAGES: Final = frozenset({"vi"})  # in others nobody knows how numbers and abbreviations are said
WORDS_PER_MINUTE: Final = 150
PAUSE_S: Final = 0.35  # at the end of a sentence or a line


class Spoken(NamedTuple):
    words: str
    doubts: tuple[Doubt, ...]
    duration_s: float


def spoken_languages(voices_dir: Path) -> frozenset[str]:
    """What machines speak: Vietnamese everywhere, and the languages of the voices installed here."""
    return READ_LANGUAGES | {voice.record.language for voice in installed_voices(voices_dir)}


class Style(NamedTuple):
    """How a unit's texts are read: its way with numbers, and its own tables of abbreviations."""

    options: Options
    tables: tuple[Table, ...] = ()


def style_of(unit: Unit) -> Style:
    return Style(options_of(unit), tables_of(unit))


def options_of(unit: Unit, policy: UnitPolicy | None = None) -> Options:
    """How numbers are said in `unit`: its province's habit, unless its settings say otherwise; papers' by these."""
    policy = policy or policy_of(unit)
    options = replace(options_for(services.ancestors(unit.code)[-1]), slash=policy.papers != "short")
    given: dict[str, Any] = {"thousand": policy.thousand, "zero": policy.zero}
    return replace(options, **{name: value for name, value in given.items() if value})


def spoken(title: str, body: str, lang: str, style: Style) -> Spoken:
    """What would be said for a title and a body; nothing for a language without a reader."""
    if lang not in READ_LANGUAGES:
        return Spoken("", (), 0.0)
    reading = reader_for(style).read(joined(title, body))
    return Spoken(reading.spoken, reading.doubts, duration_s(reading.spoken))


def machine(title: str, body: str, unit: Unit) -> str:
    """The machine's reading of a Vietnamese text as typed in `unit`, as a spoken form is stored."""
    said = spoken(check.cleaned(title), check.cleaned(body), "vi", style_of(unit))
    return check.cleaned(said.words)


@lru_cache(maxsize=64)
def reader_for(style: Style) -> Reader:
    """Building a reader costs more than reading; there are as many styles as units that write."""
    return Reader(lexicon_of(style.tables), style.options)


def joined(title: str, body: str) -> str:
    """Title and body as one text; the title is a line, and a sentence, of its own."""
    head = title.strip()
    if not head:
        return body
    return f"{head if head[-1] in '.!?:;' else head + '.'}\n{body}"


def duration_s(words: str) -> float:
    """About how many seconds a voice needs: a Vietnamese word is a syllable, so words per minute is fair."""
    pauses = sum(words.count(mark) for mark in ".!?;\n")
    return len(words.split()) * 60 / WORDS_PER_MINUTE + pauses * PAUSE_S
