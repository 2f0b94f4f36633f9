"""Text at the door: what is refused, what is put right silently, and what the writer is told.

Nothing a person pasted is lost: the text as it came is kept beside the normalised one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from player import text as player_text
from tts import legacy

BODY_LIMIT_B: Final = 60_000
TITLE_LIMIT: Final = 300


class Problem(NamedTuple):
    """What is wrong with a text. `code` is for programs, `message` for people, `detail` names the letters or sizes."""

    code: str
    message: Promise | str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.message} {self.detail}".strip()


EMPTY: Final = Problem("empty", _("Tin chưa có nội dung: hãy viết chữ hoặc chọn ảnh."))
WINDOW: Final = Problem("window", _("Thời điểm kết thúc phải sau thời điểm bắt đầu."))
_TOO_LONG: Final = _("Nội dung quá dài: tối đa 60 kB, khoảng 30 trang giấy.")
_TITLE_LONG: Final = _("Tiêu đề quá dài: tối đa 300 chữ.")
_CONTROLS: Final = _("Văn bản có ký tự điều khiển hoặc ký tự đảo chiều chữ, không được đưa lên bảng:")
_UNCOVERED: Final = _("Không có phông chữ nào vẽ được các chữ này; hãy dùng ảnh:")
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
    if len(title) > TITLE_LIMIT:
        return [Problem("title-long", _TITLE_LONG, f"({len(title)})")]
    old = legacy.detect(f"{title}\n{body}") if lang == "vi" else None
    if old is not None:
        return [Problem("legacy", _LEGACY, f"{old.encoding} → “{_beginning(old.text)}”")]
    found = []
    forbidden = player_text.forbidden(title + body)
    if forbidden:
        found.append(Problem("controls", _CONTROLS, ", ".join(forbidden[:5])))
    uncovered = player_text.uncovered(title + body)
    if uncovered:
        found.append(Problem("uncovered", _UNCOVERED, " ".join(uncovered[:20])))
    return found


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
