"""A file that is deleted, cut short or written over while it is on the panel: what shows then, and what health says."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from player.bench.film import shoot
from player.model import Media
from tests.noise import noisy
from tests.player.film.cinema import Cinema, item

SECONDS = 20
FPS = 10
_NOISE = 40  # around the grey that says the second: what is noise cannot be read ahead as a whole


def grey(second: int) -> int:
    return 60 + 6 * second


def noisy_grey(second: int, size: tuple[int, int], seed: int) -> Image.Image:
    noise = noisy(size, _NOISE, seed).point(lambda value: value + grey(second) - 128)
    return Image.merge("RGB", (noise,) * 3)


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    frames = [noisy_grey(number // FPS, (320, 160), number) for number in range(SECONDS * FPS)]
    return shoot(tmp_path_factory.mktemp("film") / "a.mkv", frames, fps=FPS)


@pytest.fixture(scope="module")
def long_animation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("animation") / "a.gif"
    first, *more = [noisy_grey(second, (320, 160), second) for second in range(SECONDS)]
    first.save(path, save_all=True, append_images=more, duration=1000, loop=0)
    return path


def shade(cinema: Cinema) -> float:
    """The mean grey of the panel."""
    data: bytes = cinema.parts.panel.capture().data
    return sum(data) / len(data)


def plays(cinema: Cinema, file: Path, mime: str) -> tuple[Path, int]:
    """The file's place in the media folder and the second in which it begins; it is on the panel, words come after."""
    media = cinema.bring(file, mime)
    film, picture = (media, None) if mime.startswith("video") else (None, media)
    moving = item("moving", float(SECONDS), film=film, picture=picture)
    cinema.play(moving, item("good", float(SECONDS), text="Chữ"))
    cinema.waits_for(lambda: cinema.status()["settled"] and cinema.status()["showing"]["item"])
    first = 0 if cinema.status()["showing"]["item"] == "moving" else SECONDS
    for second in (first, first + 1):
        cinema.at(second + 0.5)
        cinema.waits_for(lambda second=second: abs(shade(cinema) - grey(second - first)) < 3)  # type: ignore[misc]
    return place_of(cinema, media), first


def place_of(cinema: Cinema, media: Media) -> Path:
    return cinema.media / media.sha256


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 4)


def written_over(path: Path) -> None:
    """By something else in the same place, not by a file of the same name.

    By words: bytes drawn by lot may spell the header of a far too large picture, which is another fault.
    """
    with path.open("r+b") as file:
        size = path.stat().st_size
        file.seek(size // 4)
        file.write((b"something else " * size)[: size - size // 4])


@pytest.mark.parametrize("kind", ["film", "animation"])
def test_deleted_it_plays_on(kind: str, cinema: Cinema, long_film: Path, long_animation: Path) -> None:
    path, mime = {"film": (long_film, "video/mp4"), "animation": (long_animation, "image/gif")}[kind]
    place, begin_s = plays(cinema, path, mime)
    place.unlink()
    cinema.at(begin_s + SECONDS - 1.5)
    cinema.waits_for(lambda: abs(shade(cinema) - grey(SECONDS - 2)) < 3)
    assert cinema.skipped() == {}
    assert cinema.status()["film"]["trouble"] == ""


@pytest.mark.parametrize("harm", [cut, written_over])
@pytest.mark.parametrize("kind", ["film", "animation"])
def test_cut_or_written_over_it_is_passed_over_with_its_reason(
    kind: str, harm: Callable[[Path], None], cinema: Cinema, long_film: Path, long_animation: Path
) -> None:
    path, mime = {"film": (long_film, "video/mp4"), "animation": (long_animation, "image/gif")}[kind]
    place, begin_s = plays(cinema, path, mime)
    harm(place)
    cinema.at(begin_s + SECONDS - 1.5)
    cinema.waits_for(lambda: "moving r1" in cinema.skipped())
    assert cinema.skipped()["moving r1"].partition(":")[0] in {"truncated", "format"}
    cinema.waits_for(lambda: cinema.status()["showing"]["item"] == "good")


@pytest.mark.parametrize("harm", [cut, written_over])
def test_a_sound_that_is_harmed_leaves_its_words(harm: Callable[[Path], None], cinema: Cinema, tmp_path: Path) -> None:
    media = cinema.bring(shoot(tmp_path / "a.mp3", tone_s=120.0), "audio/mpeg")
    cinema.play(item("song", 120.0, text="Quốc ca", film=media))
    instants = itertools.count()

    def heard() -> bool:
        cinema.at(next(instants) % 100 / 50)
        return bool(cinema.parts.bed._speaker.bed_busy())

    cinema.waits_for(heard)
    harm(place_of(cinema, media))

    def told() -> bool:
        cinema.at(100.0 + next(instants) % 100 / 50)
        return bool(cinema.skipped() or cinema.status()["music"].get("trouble"))

    cinema.waits_for(told)
    assert (cinema.skipped().get("song r1") or cinema.status()["music"]["trouble"]).startswith(("truncated", "format"))
    assert cinema.status()["showing"]["item"] == "song"
