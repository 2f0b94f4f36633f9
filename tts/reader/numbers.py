"""Numbers in words, to any length. Digits come as text, because a leading zero is a fact about them."""

from __future__ import annotations

from typing import Final

from tts.reader.model import Options

ONES: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
LONGEST_NAMED: Final = 18  # digits; beyond a billion billions a listener only follows digit by digit


def digits(text: str) -> str:
    """Each ASCII digit of `text` by its own name; anything else is dropped."""
    return " ".join(ONES[ord(char) - 48] for char in text if "0" <= char <= "9")


def grouped(groups: list[str]) -> str:
    """Digit by digit with a pause between groups, as telephone numbers are read."""
    return ", ".join(digits(group) for group in groups if group)


class Numbers:
    """The number words of one house style."""

    def __init__(self, options: Options) -> None:
        self._thousand = options.thousand
        self._zero = options.zero
        self._full = [self._three(value, full=True) for value in range(1000)]
        self._lead = [self._three(value, full=False) for value in range(1000)]

    def _three(self, value: int, *, full: bool) -> str:
        hundreds, rest = divmod(value, 100)
        words = [ONES[hundreds], "trăm"] if hundreds or full else []
        if rest == 0:
            return " ".join(words) if words else ONES[0]
        if rest < 10:
            words += [self._zero, ONES[rest]] if words else [ONES[rest]]
        else:
            words.append(tens(rest))
        return " ".join(words)

    def cardinal(self, text: str) -> str:
        """A whole number; leading zeros do not count. No gap is left out: 1005 is một nghìn không trăm linh năm."""
        text = text.lstrip("0") or "0"
        if len(text) <= 3:
            return self._lead[int(text)]
        if len(text) > LONGEST_NAMED:
            return digits(text)
        parts = []
        while len(text) > 9:
            text, tail = text[:-9], text[-9:]
            parts.append(self._below_billion(tail, full=True) if tail.strip("0") else "")
        words = self._below_billion(text, full=False)
        for tail_words in reversed(parts):
            words = f"{words} tỷ {tail_words}".rstrip()
        return words

    def _below_billion(self, text: str, *, full: bool) -> str:
        value = int(text)
        millions, rest = divmod(value, 1_000_000)
        thousands, ones = divmod(rest, 1000)
        words: list[str] = []
        for amount, name in ((millions, "triệu"), (thousands, self._thousand), (ones, "")):
            if amount:
                said = self._full[amount] if (words or full) else self._lead[amount]
                words.append(f"{said} {name}".rstrip())
        return " ".join(words) or ONES[0]

    def serial(self, text: str) -> str:
        """A number that names one thing in a row (05, 114): its leading zeros are said."""
        bare = text.lstrip("0")
        zeros = [ONES[0]] * (len(text) - len(bare))
        return " ".join([*zeros, self.cardinal(bare)] if bare else zeros)

    def counted(self, text: str) -> str:
        """A count: 02 is hai. Three digits and more with a leading zero are no count and are read singly."""
        if text[0] == "0" and len(text) > 2:
            return digits(text)
        return self.cardinal(text)

    def fraction(self, text: str) -> str:
        """What stands behind the decimal mark: up to three digits as a number, more of them singly."""
        return self.serial(text) if len(text) <= 3 else digits(text)

    def amount(self, text: str, *, whole: bool = False) -> str:
        """A written amount with its marks: 1.005 · 14.4 · 0,35 · 1.250,5 · 1,234,567.

        A dot before groups of exactly three digits is a thousands mark, and so is a comma where groups
        repeat, where it stands before 000, or where `whole` says that the thing has no decimals (đồng).
        """
        if text.isdecimal():
            return self.counted(text)
        head, tail = split_amount(text, whole=whole)
        words = self.counted(head)
        return f"{words} phẩy {self.fraction(tail)}" if tail else words


def tens(value: int) -> str:
    """10 … 99."""
    ten, one = divmod(value, 10)
    head = "mười" if ten == 1 else f"{ONES[ten]} mươi"
    if one == 0:
        return head
    if one == 1 and ten > 1:
        return f"{head} mốt"
    if one == 4 and ten > 1:
        return f"{head} tư"
    return f"{head} lăm" if one == 5 else f"{head} {ONES[one]}"


def split_amount(text: str, *, whole: bool = False) -> tuple[str, str]:
    """The digits before and behind the decimal mark."""
    text = text.replace(" ", "")
    if _thousands(text, ".", whole=True):
        head, _, tail = text.partition(",")
        return head.replace(".", ""), tail
    if _thousands(text, ",", whole=whole):
        head, _, tail = text.partition(".")
        return head.replace(",", ""), tail
    head, _, tail = text.replace(".", ",").partition(",")
    return head, tail


def _thousands(text: str, mark: str, *, whole: bool) -> bool:
    head, *groups = text.partition("," if mark == "." else ".")[0].split(mark)
    if not groups or not 1 <= len(head) <= 3 or head[0] == "0":
        return False
    if any(len(group) != 3 for group in groups):
        return False
    return whole or len(groups) > 1 or groups[0] == "000"
