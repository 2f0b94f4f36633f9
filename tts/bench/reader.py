"""The reader measured: what it leaves unread in a plan, whether broken text stops it, and how fast it is.

Every input differs from every other, so that nothing could be gained by remembering one.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, Final

from tts.bench.figures import measured, plain
from tts.lexicon import default_lexicon
from tts.reader import Reader

PLAN: Final = Path(__file__).parents[1] / "data" / "bench_plan.txt"
TEXTS: Final = 100_000
SENTENCES: Final = 5_000
_SLOWEST: Final = 8
_TURNS: Final = 5
SIZE: Final = 100_000  # bytes of the texts that repeat one thing
_LEFT: Final = re.compile(r"[\d+*/%‰&@#=<>≥≤~°²³|_]|(?<![^\W_])[A-ZĐ]{2,}(?![^\W_])")
_DIGIT: Final = re.compile(r"\d")
_PIECES: Final = (
    *(
        "ngày",
        "tháng",
        "năm",
        "thứ",
        "quý",
        "từ",
        "đến",
        "số",
        "ấp",
        "gọi",
        "UBND",
        "KH",
        "TT",
        "T5",
        "CN",
        "XIV",
        "đ/c",
    ),
    *("15/7", "31/2", "1.005", "14.4", "0,35", "7h30", "8g", "13:30", "24/24", "2026", "0912 345 678", "19001006"),
    *(
        "93A1-456.78",
        "49/2024/NĐ-CP",
        "12-CT/TU",
        "Km 5+200",
        "QL13",
        "m3/s",
        "25.000đ",
        "kg",
        "%",
        "°C",
        "≥",
        ">",
        "~",
    ),
    *("×", "±", "=", "+", "&", "-", "–", "/", "./.", "...", "(", ")", '"', "'", "*", "•", ",", ".", ";", "\n", "\t"),
    *("😀", "ខ្មែរ", "e\u0302\u0301", "\u200b", "²", "½", "<b>", "№", "https://a.vn/b", "a@b.vn", "1", "000", "x", "a)"),
    *("1.2.", "IV.", "-5°C", "16,7N", "1/3", "5/7 ấp", "STK", "\u0663", "\uff15", "\ud800", "\x00"),
)
_JOINTS: Final = ("", " ", " ", "-", "/")
_REPEATED: Final = (
    *("1", "1 ", "1 1 ", "12 ", "0 ", "000 ", "1.", "1. ", "1,", "1, ", "1/", "1/ ", "1-", "1 - ", "1:", "1+ ", "1x "),
    *(
        "1đ ",
        "1m ",
        "1' ",
        "1h ",
        "1/2 ",
        "1/2/",
        "1.000 ",
        "(1) ",
        "84 ",
        "11 ",
        "0900 ",
        "190 ",
        "tháng 1 ",
        "ngày 1- ",
    ),
    *(
        "A",
        "A ",
        "A-",
        "A.",
        "A1 ",
        "1A ",
        "Aa ",
        "aB ",
        "X",
        "X ",
        "I, ",
        "TT ",
        "UBND ",
        "N.V. ",
        "KP. ",
        "T2 ",
        "T2, ",
    ),
    *("a.", "a@ ", "a/", "a-", "x ", "b ", "đ ", "m2 ", "ế", "e\u0302\u0301", "ấp 1 - ", "Km1+ ", ">=1 ", "http://a. "),
    *("-", "- ", "/", "/ ", "+ ", "*", "1 *", "(", "( ", "<a ", "' ", '1" ', "=", "~ ", "& ", "_ ", "°", "./.", "😀 "),
)


def plan_leftovers(plan: str) -> dict[str, Any]:
    """Digits, signs and unread capitals in the spoken form of a whole plan; `n` counts its lines."""
    lines = [line for line in plan.splitlines() if line.strip()]
    spoken = Reader(default_lexicon()).read(plan).spoken
    return plain(len(_LEFT.findall(spoken)), "leftovers", len(lines))


def fuzz_exceptions(texts: int = TEXTS) -> dict[str, Any]:
    """Texts of broken pieces that stop the reader or leave it a digit or a sign to say."""
    reader, failed = Reader(default_lexicon()), 0
    for text in broken_texts(texts):
        try:
            failed += any(_LEFT.match(char) for char in reader.read(text).spoken)
        except Exception:  # any exception at all is what is counted
            failed += 1
    return plain(failed, "texts", texts)


def slowest_100kb_s(repeat: Sequence[str] = _REPEATED) -> dict[str, Any]:
    """The longest time for a text of 100 kB that is one short thing over and over; `n` counts the things.

    Those that are slowest at one try have more turns, the middle one of which counts: what else the machine does
    in a second is not the reader's. `growth`: how much longer twice the text takes, for the worst of these; 2 is
    linear, 4 would be square.
    """
    reader = Reader(default_lexicon())
    taken = {piece: _seconds(reader, repeated(piece)) for piece in repeat}
    slowest = sorted(taken, key=taken.__getitem__)[-_SLOWEST:]
    timed = [_half_and_whole(reader, piece) for piece in slowest]
    half, whole = max(timed, key=lambda one: one[1] / one[0])
    growth = measured(whole / half, whole, half, "times for twice the text", len(slowest))
    return plain(max(whole for _, whole in timed), "s", len(repeat)) | {"growth": growth}


def sentences_per_s(plan: str, sentences: int = SENTENCES) -> dict[str, Any]:
    """Sentences of the plan, each with other numbers in it, read one after the other by one reader."""
    reader, todo = Reader(default_lexicon()), varied(plan, sentences)
    started = time.perf_counter()
    for sentence in todo:
        reader.read(sentence)
    return plain(len(todo) / (time.perf_counter() - started), "sentences/s", len(todo))


def broken_texts(texts: int) -> Iterator[str]:
    """Pieces of official writing, joined badly; the number at the end makes each the only one of its kind."""
    chosen = random.Random(49)
    for serial in range(texts):
        pieces = (chosen.choice(_PIECES) + chosen.choice(_JOINTS) for _ in range(chosen.randint(1, 12)))
        yield f"{''.join(pieces)} {serial}"


def repeated(piece: str) -> str:
    """`piece` over and over, as many bytes as SIZE at most."""
    return piece * (SIZE // len(piece.encode()))


def varied(plan: str, sentences: int) -> list[str]:
    """As many different sentences, from the plan's lines that hold a number.

    Raises ValueError for a plan without any number.
    """
    lines = [line for line in plan.splitlines() if len(_DIGIT.findall(line)) > 3]
    if not lines:
        raise ValueError("the plan holds no line with four digits: nothing to vary")
    chosen, found = random.Random(38), dict[str, None]()
    for turn in count():
        if len(found) == sentences:
            return list(found)
        found[_DIGIT.sub(lambda digit: _other(digit[0], chosen), lines[turn % len(lines)])] = None
    raise AssertionError("count() ends never")


def _other(digit: str, chosen: random.Random) -> str:
    """0 and 1 stay, so that dates and hours mostly stay what they are."""
    return digit if digit in "01" else chosen.choice("23456789")


def _half_and_whole(reader: Reader, piece: str) -> tuple[float, float]:
    """Seconds for half the text and for all of it, the middle of several turns."""
    whole = repeated(piece)
    half = whole[: len(whole) // len(piece) // 2 * len(piece)]
    turns = [(_seconds(reader, half), _seconds(reader, whole)) for _ in range(_TURNS)]
    return median(one for one, _ in turns), median(other for _, other in turns)


def _seconds(reader: Reader, text: str) -> float:
    started = time.perf_counter()
    reader.read(text)
    return time.perf_counter() - started
