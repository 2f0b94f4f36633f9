"""Text at the door: what is refused, what is put right silently, and what the writer is told.

Nothing a person pasted is lost: the text as it came is kept beside the normalised one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from player import text as player_text
from player.model import Lang
from tts import legacy

# What player.model.Version takes. One text beyond it, and a screen would refuse the whole playlist that holds it.
BODY_LIMIT_B: Final = 60_000
TITLE_LIMIT: Final = 300
SPOKEN_LIMIT: Final = 120_000


class Problem(NamedTuple):
    """What is wrong with a text. `code` is for programs, `message` for people, `detail` names the letters or sizes."""

    code: str
    message: Promise | str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.message} {self.detail}".strip()


EMPTY: Final = Problem("empty", _("Tin chưa có nội dung: hãy viết chữ hoặc chọn ảnh."))
WINDOW: Final = Problem("window", _("Thời điểm kết thúc phải sau thời điểm bắt đầu."))
PICTURE_GONE: Final = Problem("picture", _("Ảnh của tin không còn trong kho; hãy tải lên lại."))
RECORDING_GONE: Final = Problem("recording", _("Bản ghi âm không còn trong kho; hãy tải lên lại."))
SPOKEN_LONG: Final = Problem("spoken-long", _("Lời đọc quá dài: tối đa 120.000 chữ cái."))
_LANGUAGE: Final = _("Mã ngôn ngữ phải có dạng như vi, en, km và mỗi ngôn ngữ chỉ ghi một lần:")
_VOICELESS: Final = _("Không có giọng máy nào đọc được ngôn ngữ này; hãy thu bản ghi âm hoặc bỏ lời đọc:")
_SPOKEN_CONTROLS: Final = _("Lời đọc có ký tự điều khiển hoặc ký tự đảo chiều chữ:")
_TOO_LONG: Final = _("Nội dung quá dài: tối đa 60 kB, khoảng 30 trang giấy.")
_TITLE_LONG: Final = _("Tiêu đề quá dài: tối đa 300 chữ.")
_CONTROLS: Final = _("Văn bản có ký tự điều khiển hoặc ký tự đảo chiều chữ, không được đưa lên bảng:")
_UNCOVERED: Final = _("Không có phông chữ nào vẽ được các chữ này; hãy dùng ảnh:")
_NAME_LONG: Final = _("Tên quá dài; tối đa, tính bằng chữ:")
_NAME_CONTROLS: Final = _("Tên có ký tự điều khiển hoặc ký tự đảo chiều chữ:")
_NAME_UNCOVERED: Final = _("Tên có chữ mà không phông chữ nào vẽ được:")
_LEGACY: Final = _("Văn bản dùng bảng mã cũ (TCVN3 hoặc VNI), bảng sẽ hiện sai chữ:")
_CARD_NUMBER: Final = _("Có dãy 12 chữ số giống số căn cước; không đưa dữ liệu cá nhân lên bảng công cộng:")

_TWELVE_DIGITS: Final = re.compile(r"(?<![\d.,/-])\d{12}(?![\d.,/-]*\d)")


def refusals(title: str, body: str, lang: str = "vi") -> list[Problem]:
    """What keeps these words, as they were typed, from being stored; empty for a good text.

    An empty body is judged by the caller. A text in an old encoding is refused, never guessed at: the
    writer presses a button and sees what it becomes.
    """
    size_b = len(body.encode("utf-8", "surrogatepass"))
    if size_b > BODY_LIMIT_B:
        return [Problem("too-long", _TOO_LONG, f"({size_b // 1000} kB)")]
    letters = max(len(title), len(cleaned(title)))
    if letters > TITLE_LIMIT:
        return [Problem("title-long", _TITLE_LONG, f"({letters})")]
    old = _legacy(f"{title}\n{body}") if lang == "vi" else []
    return old or _letters(title + body, _CONTROLS, _UNCOVERED)


def name_refusals(name: str, limit: int) -> list[Problem]:
    """What keeps the name of a unit, a board or a person, `limit` letters at most, from being stored."""
    if len(name) > limit:
        return [Problem("name-long", _NAME_LONG, f"{limit} ({len(name)})")]
    return _legacy(name) or _letters(name, _NAME_CONTROLS, _NAME_UNCOVERED)


def _legacy(words: str) -> list[Problem]:
    old = legacy.detect(words)
    return [Problem("legacy", _LEGACY, f"{old.encoding} → “{_beginning(old.text)}”")] if old is not None else []


def _letters(words: str, controls: Promise | str, uncovered: Promise | str) -> list[Problem]:
    """Letters that may not be written, and letters that nothing can draw, each kind told in its own words."""
    found = []
    forbidden = player_text.forbidden(words)
    if forbidden:
        found.append(Problem("controls", controls, ", ".join(forbidden[:5])))
    undrawn = player_text.uncovered(words)
    if undrawn:
        found.append(Problem("uncovered", uncovered, " ".join(undrawn[:20])))
    return found


def spoken_refusals(spoken: str) -> list[Problem]:
    """What keeps a spoken form that was written by hand from being stored."""
    if len(cleaned(spoken)) > SPOKEN_LIMIT:
        return [SPOKEN_LONG]
    forbidden = player_text.forbidden(spoken)
    return [Problem("spoken-controls", _SPOKEN_CONTROLS, ", ".join(forbidden[:5]))] if forbidden else []


def voice_refusals(lang: str, spoken: Collection[str]) -> list[Problem]:
    """What keeps words to be said in `lang` from being stored without a recording; machines speak the `spoken`."""
    known = lang.partition("-")[0] in spoken
    return [] if known else [Problem("voiceless", _VOICELESS, repr(lang[:20]))]


def language_refusals(langs: Sequence[str]) -> list[Problem]:
    """Languages no screen would take, or that come twice."""
    wrong = [lang for lang in dict.fromkeys(langs) if not _is_language(lang) or langs.count(lang) > 1]
    return [Problem("language", _LANGUAGE, ", ".join(repr(lang[:20]) for lang in wrong))] if wrong else []


def _is_language(lang: str) -> bool:
    try:
        msgspec.convert(lang, Lang)
    except msgspec.ValidationError:
        return False
    return True


def warnings(title: str, body: str) -> list[Problem]:
    """What the writer should look at again; it does not stop the text."""
    numbers = _TWELVE_DIGITS.findall(f"{title}\n{body}")
    return [Problem("card-number", _CARD_NUMBER, ", ".join(dict.fromkeys(numbers)))] if numbers else []


def cleaned(words: str) -> str:
    """The composed form (NFC) with plain line ends; trailing space goes."""
    composed = unicodedata.normalize("NFC", words)
    plain = composed.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\u00ad", "")
    return "\n".join(line.rstrip() for line in plain.split("\n")).strip("\n")


def is_decomposed(words: str) -> bool:
    """Whether the text came in another form than NFC, as files from some systems do."""
    return not unicodedata.is_normalized("NFC", words)


def repaired(words: str) -> str:
    """The text as Unicode and without what `refusals` calls controls: the button that repairs a paste."""
    old = legacy.detect(words)
    return player_text.clean(old.text if old is not None else words)


def _beginning(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 60 else plain[:58].rstrip() + "…"
