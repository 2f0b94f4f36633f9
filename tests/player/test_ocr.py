"""Readable by a machine: every line of the HDMI layouts, and not any more once its marks are gone or astray.

All lines of several layouts are put below each other, dark on light, so that one look at them is
enough; lines with the very same pixels, such as the header's, once.
"""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

import pygame
import pytest

from player import scene, text
from player.layout import daywords
from player.layout.fonts import FontBook
from player.model import Media, Priority, Version
from player.motion import Said
from player.show import Box, PanelShape, Show

MakeShow = Callable[..., Show]
Look = Callable[..., pygame.Surface]
SHAPES = [PanelShape(1920, 1080), PanelShape(1080, 1920)]
DAY = date(2026, 11, 23)
LARGE_PX, SMALL_PX = 48, 24
READER_PX = 48  # what the machine was taught on: larger and smaller lines are brought to it
LEAST_RIGHT = 0.995
NOTICE = "Trạm y tế tổ chức tiêm chủng mở rộng cho trẻ dưới 5 tuổi tại xã Tân Hưng. Đề nghị phụ huynh đưa trẻ đến."
STORM = "Hồi 04 giờ ngày 27/9, bão mạnh cấp 11-12, giật cấp 15. Bà con sơ tán trước 18 giờ."
PHOTO = {"picture": Media("ab" * 32, 100_000, "image/jpeg"), "picture_path": "photo.jpg"}
LANGUAGES = (
    Version("vi", "THÔNG BÁO", "Chủ nhật cơ quan nghỉ."), Version("km", "ជូនដំណឹង", "ការិយាល័យនឹងបិទ។"),
)  # fmt: skip
BILINGUAL = (
    Version("vi", "THÔNG BÁO", "Chủ nhật cơ quan nghỉ."), Version("en", "NOTICE", "The office is closed on Sunday."),
)  # fmt: skip
BATCHES = {  # what one look of the machine takes
    "bulletins": ("notice", "priority", "speaking", "caption", "illustrated", "languages", "bilingual"),
    "emergencies": tuple(f"emergency-{level}" for level in range(6)),
    "slate": ("slate",),
}


class Line(NamedTuple):
    said: str
    size_px: int
    surface: pygame.Surface


@pytest.fixture(scope="module")
def ocr() -> Callable[[pygame.Surface, Path], list[str]]:
    if not shutil.which("tesseract"):
        pytest.skip("tesseract is not installed")
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
    if "vie" not in listed.stdout.split():
        pytest.skip("tesseract has no Vietnamese (tesseract-ocr-vie)")
    return read_page


def read_page(surface: pygame.Surface, path: Path) -> list[str]:
    pygame.image.save(surface, path)
    command = ["tesseract", str(path), "-", "-l", "vie", "--psm", "6"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    lines = unicodedata.normalize("NFC", found.stdout).splitlines()
    return [line.strip().replace("·", "-") for line in lines if line.strip()]  # a dot in the middle is no letter


def lines_of(show: Show, book: FontBook, look: Look, said: Said | None = None) -> list[Line]:
    """Every line of the first page with its pixels: text, header and dates."""
    plan = scene.compose(show, book)
    surface = look(show, day=DAY, said=said)
    found = []
    for label in plan.pages[0].labels:
        wide, high = text.width(label.text, label.kind, book), book.height(label.kind)
        found.append(cut(surface, Box(label.x, label.y, wide, high), label.text, label.kind.size_px))
    for face in plan.dates:
        found.append(cut(surface, face.box, "".join(daywords.line(face.form, DAY)), face.kind.size_px))
    return [line for line in found if line.size_px >= SMALL_PX and not text.stacks(line.said)]


def cut(surface: pygame.Surface, box: Box, said: str, size_px: int) -> Line:
    area = pygame.Rect(box.x, box.y, box.w, box.h).inflate(8, 0).clip(surface.get_rect())
    grey = pygame.transform.grayscale(surface.subsurface(area).copy())
    if grey.get_at((0, 0)).r < 128:
        inverse = pygame.Surface(grey.get_size(), 0, 32)
        inverse.fill((255, 255, 255))
        inverse.blit(grey, (0, 0), special_flags=pygame.BLEND_SUB)
        grey = inverse
    scale = READER_PX / size_px
    grey = pygame.transform.smoothscale(grey, (round(grey.get_width() * scale), round(grey.get_height() * scale)))
    return Line(said.replace("·", "-"), size_px, grey)


def stacked(lines: Sequence[Line]) -> pygame.Surface:
    gap = 30
    page = pygame.Surface(
        (max(line.surface.get_width() for line in lines) + 2 * gap,
         sum(line.surface.get_height() + gap for line in lines) + gap), 0, 32,
    )  # fmt: skip
    page.fill((255, 255, 255))
    y = gap
    for line in lines:
        page.blit(line.surface, (gap, y))
        y += line.surface.get_height() + gap
    return page


def right(said: Iterable[str], found: Iterable[str]) -> float:
    """The share of letters that came through."""
    wanted, got = "\n".join(said), "\n".join(found)
    matcher = SequenceMatcher(None, wanted, got, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / max(len(wanted), len(got))


def shows(make_show: MakeShow, shape: PanelShape) -> dict[str, Show]:
    """The layouts by name; "speaking" is read aloud."""
    unit = make_show("", "x").unit
    return {
        "notice": make_show("THÔNG BÁO TIÊM CHỦNG", NOTICE, shape),
        "priority": make_show("HỌP DÂN", "19 giờ tại nhà văn hóa ấp 3.", shape, priority=Priority.PRIORITY),
        "speaking": make_show("HỌP DÂN", "19 giờ tại nhà văn hóa ấp 3. Đi đông đủ!", shape),
        "caption": make_show("Hội chợ nông sản xã Tân Hưng", "", shape, **PHOTO),
        "illustrated": make_show("HỘI CHỢ", "Mời bà con đến dự lúc 7 giờ.", shape, **PHOTO),
        "languages": make_show("", "", shape, versions=LANGUAGES),
        "bilingual": make_show("", "", shape, versions=BILINGUAL),
        **{f"emergency-{level}": make_show("BÃO SỐ 10", STORM, shape, priority=Priority.EMERGENCY, level=level)
           for level in range(6)},
        "slate": Show(unit, shape),
    }  # fmt: skip


def different(lines: Iterable[Line]) -> list[Line]:
    """The lines without those whose very pixels were among them before."""
    return list({pygame.image.tobytes(line.surface, "RGB"): line for line in lines}.values())


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.width_px}x{shape.height_px}")
@pytest.mark.parametrize("batch", BATCHES)
def test_a_machine_reads_every_line_of_every_layout(  # noqa: PLR0917
    batch: str, shape: PanelShape, make_show: MakeShow, book: FontBook, look: Look,
    ocr: Callable[[pygame.Surface, Path], list[str]], tmp_path: Path,
) -> None:  # fmt: skip
    pages = {
        layout: lines_of(show, book, look, Said("vi", 1, 3) if layout == "speaking" else None)
        for layout, show in shows(make_show, shape).items()
        if layout in BATCHES[batch]
    }
    assert set(pages) == set(BATCHES[batch])
    for layout, lines in pages.items():
        assert any(line.size_px >= LARGE_PX for line in lines), layout
    lines = different(line for found in pages.values() for line in found)
    large = [line for line in lines if line.size_px >= LARGE_PX]
    small = [line for line in lines if line.size_px < LARGE_PX]
    assert ocr(stacked(large), tmp_path / "large.png") == [line.said for line in large]
    found = ocr(stacked(small), tmp_path / "small.png")
    assert right((line.said for line in small), found) >= LEAST_RIGHT, found


def bare(words: str) -> str:
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
    return "".join(moved)


@pytest.mark.parametrize("spoil", [bare, astray])
def test_the_machine_notices_marks_that_are_gone_or_astray(  # noqa: PLR0917
    spoil: Callable[[str], str], make_show: MakeShow, book: FontBook, look: Look,
    ocr: Callable[[pygame.Surface, Path], list[str]], tmp_path: Path,
) -> None:  # fmt: skip
    lines = [line for line in lines_of(make_show("", spoil(NOTICE)), book, look) if line.size_px >= LARGE_PX]
    found = ocr(stacked(lines), tmp_path / "spoilt.png")
    assert " ".join(found) != NOTICE
    assert right([NOTICE], [" ".join(found)]) < LEAST_RIGHT
