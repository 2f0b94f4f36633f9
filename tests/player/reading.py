"""A machine that reads: the lines that stand on a picture of a panel, and tesseract to read them."""

from __future__ import annotations

import os
import re
import subprocess
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final, NamedTuple

import pygame

from drivers.surfaces import new_surface
from player import motion, render, text
from player.layout import daywords
from player.layout.boxes import Band, Label, Scene
from player.layout.fonts import FontBook, Type
from player.layout.theme import Colour
from player.show import Box

DAY: Final = date(2026, 11, 23)
TIME: Final = "07:35"
HZ: Final = 60.0
READER_PX: Final = 48
_SIDE_PX: Final = 2  # cut with the line: what stands closer to it would be read with it
_BORDER_PX: Final = 10  # its makers: letters that touch the edge of the picture are misread


class Line(NamedTuple):
    """A line of a page as the panel shows it, and what is written there."""

    said: str
    kind: Type
    colour: Colour
    image: pygame.Surface


def lines_of(surface: pygame.Surface, plan: Scene, page: int, book: FontBook, frame: int = 0) -> Iterator[Line]:
    """Every line that is whole in sight on a page of `plan`, cut from a picture of it.

    That is its text, the page number, clock and dates, and what runs through the ticker in that frame.
    """
    for label in (*plan.pages[page].labels, *(_running(plan.ticker, frame, book) if plan.ticker else ())):
        if any(letter.isalnum() for letter in label.text):  # the dot between two texts of a ticker says nothing
            wide, high = text.width(label.text, label.kind, book), book.height(label.kind)
            image = _cut(surface, Box(label.x, label.y, wide, high))
            yield Line(label.text, label.kind, label.colour, image)
    for face in (*([plan.clock] if plan.clock else ()), *plan.dates):
        said = "".join(daywords.line(face.form, DAY)) if face.form else TIME
        yield Line(said, face.kind, face.colour, _cut(surface, face.box))


def _running(ticker: Band, frame: int, book: FontBook) -> Iterator[Label]:
    """The labels of the ticker that are whole in sight, where they stand on the panel."""
    offset = motion.Run(ticker.speed_px_s / HZ, ticker.length_px, 1, 0).offset(frame)
    for label in ticker.labels:
        for x in (label.x - offset, label.x - offset + ticker.length_px):
            if 0 <= x <= ticker.box.w - text.width(label.text, label.kind, book):
                yield Label(ticker.box.x + x, ticker.box.y + label.y, label.text, label.kind, label.colour)


def _cut(surface: pygame.Surface, box: Box) -> pygame.Surface:
    area = pygame.Rect(render.tuple_of(box)).inflate(2 * _SIDE_PX, 0).clip(surface.get_rect())
    return surface.subsurface(area).copy()


def redrawn(line: Line, words: str, book: FontBook) -> Line:
    """The same line with other words, in its face, size and colours: still what `line.said` is looked for in."""
    wide = text.width(words, line.kind, book) + 2 * _SIDE_PX
    image = new_surface(wide, line.image.get_height())
    image.fill(line.image.get_at((0, 0)))
    render.draw_label(image, Label(_SIDE_PX, 0, words, line.kind, line.colour), book)
    return line._replace(image=image)


class Reader:
    """Tesseract with its Vietnamese model. A line with the very same pixels is read once.

    Raises FileNotFoundError if the program or the model is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[bytes, str] = {}
        self.letters = _letters(_model(), folder)

    def taught(self, words: str) -> bool:
        """Whether its model has all their letters; of signs that it lacks it makes others, see `pattern`."""
        return all(letter in self.letters or unicodedata.category(letter)[0] not in "LM" for letter in words)

    def pattern(self, words: str) -> re.Pattern[str]:
        """What reading `words` right looks like: a sign it was not taught, such as ·, may be any one sign."""
        return re.compile("".join(
            re.escape(letter) if letter in self.letters or letter == " " else "." for letter in words
        ))  # fmt: skip

    def read(self, lines: Sequence[Line]) -> list[str]:
        """What it makes of each line."""
        pages = [_page(line) for line in lines]
        keys = [pygame.image.tobytes(page, "RGB") for page in pages]
        new = {key: page for key, page in zip(keys, pages, strict=True) if key not in self._known}
        self._known.update(zip(new, self._look_at(list(new.values())), strict=True))
        return [self._known[key] for key in keys]

    def right(self, line: Line, found: str) -> int:
        """How many letters of the line came through."""
        if self.pattern(line.said).fullmatch(found):
            return len(line.said)
        return sum(block.size for block in SequenceMatcher(None, line.said, found, False).get_matching_blocks())

    def _look_at(self, pages: Sequence[pygame.Surface]) -> list[str]:
        """One run of the program over all of them, each taken for one line of text."""
        if not pages:
            return []
        paths = [self._folder / f"line-{number}.png" for number in range(len(pages))]
        for path, page in zip(paths, pages, strict=True):
            pygame.image.save(page, path)
        listed = self._folder / "lines.txt"
        listed.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
        found = _run("tesseract", str(listed), "-", "-l", "vie", "--psm", "7")
        return [unicodedata.normalize("NFC", said).strip() for said in found.split("\f")[: len(pages)]]


def _page(line: Line) -> pygame.Surface:
    """Dark on light with a border, as tesseract's makers ask for, and no larger than it reads best.

    Its model looks at every line through a window of 36 rows, so that nothing is lost by making a large
    line smaller before; but where a line is cut into rows, capitals above some 35 px are taken apart. A
    line below that stays as the panel shows it.
    """
    grey = pygame.transform.grayscale(line.image)
    if grey.get_at((0, 0)).r < 128:
        inverse = pygame.Surface(grey.get_size(), 0, 32)
        inverse.fill((255, 255, 255))
        inverse.blit(grey, (0, 0), special_flags=pygame.BLEND_SUB)
        grey = inverse
    scale = min(1.0, READER_PX / line.kind.size_px)
    wide, high = (round(side * scale) for side in grey.get_size())
    page = pygame.Surface((wide + 2 * _BORDER_PX, high + 2 * _BORDER_PX), 0, 32)
    page.fill(grey.get_at((0, 0)))
    small = grey if scale == 1.0 else pygame.transform.smoothscale(grey, (wide, high))
    page.blit(small, (_BORDER_PX, _BORDER_PX))
    return page


def _model() -> Path:
    """Where the program keeps what it was taught of Vietnamese."""
    folder = re.search('"(.*)"', _run("tesseract", "--list-langs"))
    path = Path(folder[1] if folder else "/") / "vie.traineddata"
    if not path.exists():
        raise FileNotFoundError(f"{path}: tesseract has no Vietnamese (tesseract-ocr-vie)")
    return path


def _letters(model: Path, folder: Path) -> frozenset[str]:
    """The letters the model can answer with: the first word of each row of its unicharset."""
    path = folder / "vie.lstm-unicharset"
    _run("combine_tessdata", "-e", str(model), str(path))
    return frozenset(row.split(" ")[0] for row in path.read_text(encoding="utf-8").splitlines()[1:])


def _run(*command: str) -> str:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # its threads wait for each other longer than they work
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, env=environment)
    return done.stdout
