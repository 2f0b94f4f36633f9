"""Numbers against a slow, obvious reader of its own kind, over the whole range that is named."""

from __future__ import annotations

import random

import pytest

from tests.tts.saying import NUMBERS, READER
from tts.reader.model import Options
from tts.reader.numbers import Numbers, digits, split_amount

NAMES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def plain_two(value: int) -> list[str]:
    """10 … 99, digit after digit, then the three changes of sound."""
    ten, one = value // 10, value % 10
    words = ["mười"] if ten == 1 else [NAMES[ten], "mươi"]
    if one == 0:
        return words
    if one == 5:
        return [*words, "lăm"]
    if ten > 1 and one in (1, 4):
        return [*words, {1: "mốt", 4: "tư"}[one]]
    return [*words, NAMES[one]]


def plain_three(value: int, first: bool) -> list[str]:
    """A group of three; the first group of a number has no leading zero to say."""
    words = []
    if value >= 100 or not first:
        words += [NAMES[value // 100], "trăm"]
    rest = value % 100
    if rest >= 10:
        words += plain_two(rest)
    elif rest:
        words += ["linh"] * bool(words) + [NAMES[rest]]
    return words


def plain(value: int) -> str:
    """Groups of three from the left; an empty group is passed over in silence, tỷ stands after each third one."""
    if value == 0:
        return "không"
    groups = []
    while value:
        groups.append(value % 1000)
        value //= 1000
    words: list[str] = []
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            words += plain_three(groups[place], first=not words)
            words += [[], ["nghìn"], ["triệu"]][place % 3]
        if place and place % 3 == 0 and words:
            words.append("tỷ")
    return " ".join(words)


def test_every_number_below_ten_thousand() -> None:
    assert [NUMBERS.cardinal(str(value)) for value in range(10_000)] == [plain(value) for value in range(10_000)]


@pytest.mark.parametrize("length", range(5, 19))
def test_samples_of_every_length(length: int) -> None:
    chosen = random.Random(length)
    for _ in range(400):
        value = chosen.randrange(10 ** (length - 1), 10**length)
        holes = int("".join(digit if chosen.random() < 0.4 else "0" for digit in str(value)).lstrip("0") or "7")
        for number in (value, holes):
            assert NUMBERS.cardinal(str(number)) == plain(number), number


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("1005", "một nghìn không trăm linh năm"),
        ("1000000005", "một tỷ không trăm linh năm"),
        ("1005000000", "một tỷ không trăm linh năm triệu"),
        ("21", "hai mươi mốt"),
        ("0007", "bảy"),
        ("0", "không"),
        ("000", "không"),
        ("1000000000000", "một nghìn tỷ"),
    ],
)
def test_known_numbers(written: str, spoken: str) -> None:
    assert NUMBERS.cardinal(written) == spoken


def test_sixty_digits_are_said_singly() -> None:
    assert NUMBERS.cardinal("7" * 60) == " ".join(["bảy"] * 60)


@pytest.mark.parametrize(
    "around", ["{0}", "Số {0}.", "Nộp {0} đồng.", "Ngày {0}, {0}kg.", "{0}/{0}", "x{0}y", "STK {0}"]
)
def test_the_reader_says_sixty_digits_singly_wherever_they_stand(around: str) -> None:
    spoken = READER.read(around.format("7" * 60)).spoken.lower()
    assert " ".join(["bảy"] * 60) in spoken
    assert not any(char.isdigit() for char in spoken)


def test_the_south_says_ngan_and_le() -> None:
    south = Numbers(Options(thousand="ngàn", zero="lẻ"))
    assert south.cardinal("2005") == "hai ngàn không trăm lẻ năm"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("1.005", "một nghìn không trăm linh năm"),
        ("14.4", "mười bốn phẩy bốn"),
        ("0,35", "không phẩy ba mươi lăm"),
        ("98,07", "chín mươi tám phẩy không bảy"),
        ("1.250,5", "một nghìn hai trăm năm mươi phẩy năm"),
        ("1,234,567", "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy"),
        ("1,234,567.8", "một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy phẩy tám"),
        ("0.125", "không phẩy một trăm hai mươi lăm"),
        ("3,1416", "ba phẩy một bốn một sáu"),
        ("7,0", "bảy phẩy không"),
        ("0,035", "không phẩy không ba mươi lăm"),
        ("10,000", "mười nghìn"),
    ],
)
def test_amounts(written: str, spoken: str) -> None:
    assert NUMBERS.amount(written) == spoken


def test_money_has_no_decimals() -> None:
    assert split_amount("12,500", whole=True) == ("12500", "")
    assert split_amount("12,500") == ("12", "500")


@pytest.mark.parametrize(
    ("written", "spoken"), [("05", "không năm"), ("114", "một trăm mười bốn"), ("00", "không không")]
)
def test_serials_keep_their_zeros(written: str, spoken: str) -> None:
    assert NUMBERS.serial(written) == spoken


def test_digits_ignores_what_is_no_digit() -> None:
    assert digits("09-1a") == "không chín một"
