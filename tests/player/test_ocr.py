"""Readable by a machine: every line of every HDMI golden, and not any more once its marks are gone or astray."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

import pygame
import pytest

from player import scene
from player.layout.fonts import FontBook
from player.show import PanelShape, Show
from tests.player import goldens
from tests.player.goldens import GOLDENS, HDMIS, Golden, Shows, size_of
from tests.player.reading import DAY, TIME, Line, Reader, lines_of, redrawn

MakeShow = Callable[..., Show]
Look = Callable[..., pygame.Surface]
Gather = Callable[[Golden], list[Line]]

READ: Final = [golden for golden in GOLDENS if golden.shape in HDMIS]
WORDED: Final = [golden for golden in READ if golden.layout != "picture"]
WRITTEN: Final = [golden for golden in WORDED if golden.layout not in {"slate", "crest-slate", "test-pattern"}]
LARGE_PX: Final = 48
SMALL_PX: Final = 20  # below the 24 that are asked for: so that page numbers are read too
LEAST_RIGHT: Final = 0.995
FRAMES: Final = (0, 67, 331, 599)  # in which the ticker is looked at
TINY: Final = {"test-pattern"}  # the pixel counts of its rulers: for a technician with his nose at the panel
UNTAUGHT: Final = {"languages", "scripts"}  # Khmer, Chăm, Tai Viet and ƀ, ê̆, ŏ are no letters of Vietnamese


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    if not shutil.which("tesseract"):
        pytest.skip("tesseract is not installed (tesseract-ocr)")
    try:
        return Reader(tmp_path_factory.mktemp("lines"))
    except FileNotFoundError as exc:
        pytest.skip(str(exc))


@pytest.fixture(scope="module")
def shows(make_show: MakeShow, tmp_path_factory: pytest.TempPathFactory) -> Shows:
    return goldens.shows(make_show, goldens.draw_crest(tmp_path_factory.mktemp("crest") / "crest.png"))


@pytest.fixture(scope="module")
def gathered() -> dict[Golden, list[Line]]:
    """What was cut once is not drawn again."""
    return {}


@pytest.fixture
def gather(shows: Shows, gathered: dict[Golden, list[Line]], book: FontBook, look: Look) -> Gather:
    """All lines of all pages of a golden, those of its ticker in several frames."""

    def lines(golden: Golden) -> list[Line]:
        show = shows[golden.layout](golden.shape)
        plan = scene.compose(show, book)
        return [
            line
            for page in range(len(plan.pages))
            for frame in (FRAMES if plan.ticker and not page else FRAMES[:1])
            for line in lines_of(look(show, page, TIME, DAY, golden.said, frame), plan, page, book, frame)
        ]

    def kept(golden: Golden) -> list[Line]:
        if golden not in gathered:
            gathered[golden] = lines(golden)
        return gathered[golden]

    return kept


def legible(lines: Iterable[Line], reader: Reader) -> list[Line]:
    return [line for line in lines if line.kind.size_px >= SMALL_PX and reader.taught(line.said)]


def of_size(lines: Iterable[Line], *, large: bool) -> list[Line]:
    return [line for line in lines if (line.kind.size_px >= LARGE_PX) is large]


def misread(lines: list[Line], reader: Reader) -> list[tuple[str, str]]:
    """The lines that did not come out exactly, each with what was read."""
    found = zip(lines, reader.read(lines), strict=True)
    return [(line.said, read) for line, read in found if not reader.pattern(line.said).fullmatch(read)]


def share_right(lines: list[Line], reader: Reader) -> float:
    """The share of their letters that came through."""
    found = list(zip(lines, reader.read(lines), strict=True))
    letters = sum(max(len(line.said), len(read)) for line, read in found)
    return sum(reader.right(line, read) for line, read in found) / letters if letters else 1.0


@pytest.mark.parametrize("golden", WORDED, ids=lambda golden: golden.name)
def test_a_machine_reads_every_line_of_every_golden(golden: Golden, gather: Gather, reader: Reader) -> None:
    lines = legible(gather(golden), reader)
    assert lines
    large, small = of_size(lines, large=True), of_size(lines, large=False)
    assert misread(large, reader) == []
    assert share_right(small, reader) >= LEAST_RIGHT, misread(small, reader)


@pytest.mark.parametrize("golden", WRITTEN, ids=lambda golden: golden.name)
def test_no_word_of_a_golden_goes_unlooked_at(golden: Golden, gather: Gather, shows: Shows) -> None:
    """A word of a script without spaces may go on in the next line."""
    show = shows[golden.layout](golden.shape)
    versions = show.item.versions if show.item else ()
    words = {word for version in versions for part in (version.title, version.body) for word in part.split()}
    words |= {word for line in (show.label, *show.ticker) for word in line.split()}
    seen = "".join(line.said.replace(" ", "") for line in gather(golden))
    assert words
    assert {word for word in words if word not in seen} == set()


@pytest.mark.parametrize("golden", READ, ids=lambda golden: golden.name)
def test_what_the_machine_is_not_asked_to_read_is_known(golden: Golden, gather: Gather, reader: Reader) -> None:
    lines = gather(golden)
    assert any(line.kind.size_px < SMALL_PX for line in lines) is (golden.layout in TINY)
    assert any(not reader.taught(line.said) for line in lines) is (golden.layout in UNTAUGHT)


def bare(words: str) -> str:
    """Without any mark."""
    letters = (letter for letter in unicodedata.normalize("NFD", words) if not unicodedata.combining(letter))
    return "".join(letters).replace("đ", "d").replace("Đ", "D")


def astray(words: str) -> str:
    """Each tone mark on the letter after its own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    moved: list[str] = []
    held = ""
    for letter in unicodedata.normalize("NFD", words):
        if letter in tones:
            held = letter
        else:
            moved += [letter, held] if held and letter.isalpha() else [letter]
            held = "" if letter.isalpha() or letter.isspace() else held
    return unicodedata.normalize("NFC", "".join(moved))


@pytest.mark.parametrize("large", [True, False], ids=["large", "small"])
@pytest.mark.parametrize("shape", HDMIS, ids=size_of)
@pytest.mark.parametrize("spoil", [bare, astray])
def test_the_machine_notices_marks_that_are_gone_or_astray(  # noqa: PLR0917
    spoil: Callable[[str], str], shape: PanelShape, large: bool, gather: Gather, book: FontBook, reader: Reader
) -> None:
    """The same lines as above, looked at in the same way: not one passes."""
    lines = [line for golden in READ if golden.shape == shape for line in legible(gather(golden), reader)]
    marked = [line for line in of_size(lines, large=large) if spoil(line.said) != line.said]
    assert len({line.said for line in marked}) > 5
    assert misread([redrawn(line, line.said, book) for line in marked], reader) == [], "drawn anew is drawn alike"
    spoilt = [redrawn(line, spoil(line.said), book) for line in marked]
    assert len(misread(spoilt, reader)) == len(spoilt)
    assert share_right(spoilt, reader) < LEAST_RIGHT
