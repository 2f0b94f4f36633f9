"""Template filters: times, lengths and states in words."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from publisher.bulletins.models import Bulletin, Step
from publisher.media import apps as media
from publisher.media.limits import Limits
from publisher.media.reasons import REASONS, told
from publisher.screens.models import Screen
from publisher.web import plain, when_words
from publisher.web.forms_recordings import LANGUAGES

register = template.Library()


@register.filter
def when(instant: datetime | None) -> str:
    return plain.moment(instant)


@register.filter
def lasting(seconds: float) -> str:
    return plain.duration(seconds)


@register.filter
def status_badge(bulletin: Bulletin) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', bulletin.status, bulletin.get_status_display())


@register.filter
def priority_badge(bulletin: Bulletin) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', bulletin.priority, bulletin.get_priority_display())


@register.filter
def screen_badge(screen: Screen) -> SafeString:
    words, look = plain.state(screen)
    return format_html('<span class="badge {}">{}</span>', look, words)


@register.filter
def headline(bulletin: Bulletin) -> str:
    """The title, else the first words, else what it holds."""
    text = bulletin.texts.first()
    words = (text.title or text.body.strip().partition("\n")[0]) if text else ""
    if not words:
        return _("(tin ảnh)") if bulletin.picture_id else _("(chưa có nội dung)")
    return Truncator(words).chars(90)


@register.filter
def when_brief(bulletin: Bulletin) -> str:
    return when_words.brief(bulletin)


@register.filter
def step_words(step: Step) -> str:
    return str(plain.VERBS.get(step.verb, step.verb))


@register.filter
def command_words(verb: str) -> str:
    return str(plain.COMMANDS.get(verb, verb))


@register.filter
def drawing_words(reason: str) -> str:
    """Why a picture could not be drawn: a reason for refusing a file in its words, any other as the worker gave it."""
    name = reason.partition(":")[0]
    return str(told(name, media.limits())) if name in REASONS else _("Hãy báo kỹ thuật viên: %s") % reason


@register.filter
def answer_words(detail: str) -> str:
    return plain.answer(detail)


@register.filter
def language_words(lang: str) -> str:
    return str(dict(LANGUAGES).get(lang, lang))


@register.filter
def as_typed(words: str) -> str:
    """Letters that are not seen, or that turn others round, by their numbers: on a page they could lie."""
    return "".join(f"[U+{ord(letter):04X}]" if _unseen(letter) else letter for letter in words.replace("\r\n", "\n"))


def _unseen(letter: str) -> bool:
    return letter not in "\n\t" and unicodedata.category(letter) in {"Cc", "Cf", "Cn", "Co", "Cs"}


@register.simple_tag
def upload_limits() -> Limits:
    """How large a file may be that is brought here."""
    return media.limits()
