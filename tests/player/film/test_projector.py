"""Films, animated pictures and documents on the panel: the player as it starts, its workers and film processes real."""

from __future__ import annotations

import itertools
import os
import signal
import struct
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image

from player.bench.film import shoot
from player.show import PanelShape
from tests.noise import noisy, noisy_bytes
from tests.player.film.cinema import Cinema, Until, greys, item


def test_a_film_stands_where_its_slot_stands(cinema: Cinema, tmp_path: Path) -> None:
    film = cinema.bring(shoot(tmp_path / "a.mp4", greys(100)), "video/mp4")
    cinema.play(item("film", film=film))
    for seconds in (0.0, 1.0, 3.0, 0.5, 13.2, 2.0):
        cinema.at(seconds)
        cinema.shows_grey(20 + 2 * int(seconds % 10 * 30 + 0.001) if seconds % 10 * 30 < 99 else 218)
    assert cinema.status()["film"]["trouble"] == ""


def test_a_film_shorter_than_its_slot_keeps_its_last_frame_and_a_longer_one_is_cut(
    cinema: Cinema, tmp_path: Path
) -> None:
    short = cinema.bring(shoot(tmp_path / "a.mp4", greys(30)), "video/mp4")
    long = cinema.bring(shoot(tmp_path / "b.mp4", greys(100, step=1), fps=5), "video/mp4")
    cinema.play(item("short", film=short), item("long", film=long))
    order = ("short", "long")
    cinema.at(9.0)
    cinema.waits_for(lambda: cinema.status()["showing"]["item"] in order and cinema.status()["settled"])
    first = cinema.status()["showing"]["item"]
    ends = {"short": 20 + 2 * 29, "long": 20 + 45}
    cinema.shows_grey(ends[first])
    cinema.at(19.0)
    cinema.shows_grey(ends[next(name for name in order if name != first)])


def test_nothing_black_comes_before_between_or_after_films(cinema: Cinema, tmp_path: Path) -> None:
    """The page holds the film's first frame: what is not decoded yet has something to stand for it."""
    films = [cinema.bring(shoot(tmp_path / f"{n}.mp4", greys(30, step=1 + n)), "video/mp4") for n in range(2)]
    cinema.play(*(item(f"film{n}", film=film) for n, film in enumerate(films)))
    cinema.waits_for(lambda: cinema.status()["settled"] and cinema.status()["showing"]["item"])
    darkest = []
    for step in range(240):
        cinema.at(step / 8)
        cinema.turn()
        darkest.append(min(cinema.pixel()))
    assert min(darkest) >= 14


def test_an_animated_picture_goes_round_by_the_clock(cinema: Cinema, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (128, 64), colour) for colour in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=[500, 500, 1000], loop=0)
    gif = cinema.bring(tmp_path / "a.gif", "image/gif")
    cinema.play(item("gif", picture=gif))
    for seconds, shown in [(0.0, 0), (0.6, 1), (1.2, 2), (2.1, 0), (8.7, 1), (9.9, 2), (10.6, 1)]:
        cinema.at(seconds)
        cinema.waits_for(lambda shown=shown: cinema.pixel()[shown] > 200)  # type: ignore[misc]


def test_each_page_of_a_document_has_an_equal_share(cinema: Cinema, tmp_path: Path) -> None:
    bars = [Image.new("RGB", (128, 64), (200 - 60 * n,) * 3) for n in range(3)]
    bars[0].save(tmp_path / "a.pdf", save_all=True, append_images=bars[1:])
    cinema.play(item("pdf", 30.0, picture=cinema.bring(tmp_path / "a.pdf", "application/pdf")))
    for seconds, grey in [(0, 200), (9.9, 200), (10.1, 140), (19.9, 140), (20.1, 80), (30, 200)]:
        cinema.at(seconds)
        cinema.shows_grey(grey)
    assert cinema.status()["showing"]["pages"] == 3


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_film_on_a_turned_panel_is_turned_with_its_page(rotation: int, tmp_path: Path, until: Until) -> None:
    first, second = Image.new("RGB", (128, 64), (200, 0, 0)), Image.new("RGB", (128, 64), (0, 200, 0))
    for frame in (first, second):
        frame.paste((0, 0, 250), (0, 0, 64, 64))
    head, foot = {90: ((32, 2), (32, 29)), 180: ((60, 16), (3, 16)), 270: ((32, 29), (32, 2))}[rotation]
    with ExitStack() as stack:
        cinema = Cinema(tmp_path, stack, until, PanelShape(64, 32, "led", rotation=rotation))
        path = shoot(tmp_path / "a.mp4", [first] * 30 + [second] * 60)
        cinema.play(item("film", film=cinema.bring(path, "video/mp4")))
        cinema.at(2.0)
        cinema.waits_for(lambda: cinema.pixel(*foot)[1] > 150)
        assert cinema.pixel(*head)[2] > 200, "the blue half is at the reader's left"
    assert cinema.parts.projector.pids() == ()


def test_films_end_with_their_pages_and_processes_with_the_player(cinema: Cinema, tmp_path: Path) -> None:
    film = cinema.bring(shoot(tmp_path / "a.mp4", greys(60)), "video/mp4")
    cinema.play(item("film", film=film), item("text", text="Chữ"))
    projector = cinema.parts.projector
    cinema.waits_for(lambda: cinema.status()["settled"] and cinema.status()["showing"]["item"])
    cinema.at(0.0)
    shown = cinema.status()["showing"]["item"]
    cinema.at(5.0 if shown == "film" else 15.0)
    cinema.waits_for(projector.pids)
    (pid,) = projector.pids()
    cinema.at(15.0 if shown == "film" else 5.0)
    cinema.waits_for(lambda: not projector.pids())
    assert not Path(f"/proc/{pid}").exists()
    cinema.at(19.5 if shown == "film" else 9.5)
    cinema.waits_for(projector.pids)  # what comes next is decoded ahead
    projector.close()
    assert projector.pids() == ()


def test_a_film_s_sound_begins_with_it_and_ends_with_it(cinema: Cinema, tmp_path: Path) -> None:
    film = cinema.bring(shoot(tmp_path / "a.mp4", greys(90), tone_s=3.0), "video/mp4")
    cinema.play(item("film", film=film), item("text", text="Chữ"))
    speaker = cinema.parts.bed._speaker
    cinema.waits_for(lambda: cinema.status()["settled"] and cinema.status()["showing"]["item"])
    at_film = 0.0 if cinema.status()["showing"]["item"] == "film" else 10.0
    cinema.at(at_film + 0.5)
    cinema.waits_for(speaker.bed_busy)
    cinema.at((at_film + 10) % 20 + 1)
    cinema.waits_for(lambda: not speaker.bed_busy())


def test_a_sound_file_accompanies_the_words(cinema: Cinema, tmp_path: Path) -> None:
    music = cinema.bring(shoot(tmp_path / "a.mp3", tone_s=5.0), "audio/mpeg")
    cinema.play(item("song", text="Quốc ca", film=music))
    speaker, instants = cinema.parts.bed._speaker, itertools.count()

    def sounds() -> bool:
        cinema.at(next(instants) % 100 / 50)  # a page that stands still is looked after a few times a second
        return bool(speaker.bed_busy())

    cinema.waits_for(sounds)
    assert cinema.status()["showing"]["item"] == "song"
    assert cinema.skipped() == {}


# --- what goes wrong: passed over with its reason, and the loop goes on

BAD: dict[str, Callable[[Path], Path]] = {}
REASONS = {"locked_document": ("password",), "endless_film": ("long",)}


def bad(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    BAD[make.__name__] = make
    return make


@bad
def empty(folder: Path) -> Path:
    (folder / "a").write_bytes(b"")
    return folder / "a"


@bad
def truncated(folder: Path) -> Path:
    noisy((800, 600), 90).save(folder / "a.jpg")
    data = (folder / "a.jpg").read_bytes()
    (folder / "a.jpg").write_bytes(data[: len(data) // 2])
    return folder / "a.jpg"


@bad
def renamed(folder: Path) -> Path:
    (folder / "a.jpg").write_text("<html>không phải ảnh</html>", encoding="utf-8")
    return folder / "a.jpg"


@bad
def garbage_font(folder: Path) -> Path:
    (folder / "a.ttf").write_bytes(b"\0\1\0\0" + noisy_bytes(4000))
    return folder / "a.ttf"


@bad
def huge(folder: Path) -> Path:
    """The head of a picture of more than 200 megapixels, as a scanner makes them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 10_001, 8, 2, 0, 0, 0))
    (folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(999))))
    return folder / "a.png"


@bad
def broken_film(folder: Path) -> Path:
    path = shoot(folder / "a.mp4", greys(60))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@bad
def broken_document(folder: Path) -> Path:
    (folder / "a.pdf").write_bytes(b"%PDF-1.7\n" + noisy_bytes(4000))
    return folder / "a.pdf"


@bad
def locked_document(folder: Path) -> Path:
    """A document that opens for a password only (PDF 1.7, 7.6.3), with keys of nobody's."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
    )  # fmt: skip
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    keys = b"/ID [<%s> <%s>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -44 >>"
    trailer = b"trailer\n<< /Size 4 /Root 1 0 R " + keys % (b"00" * 16, b"00" * 16, b"5a" * 32, b"a5" * 32) + b" >>\n"
    (folder / "a.pdf").write_bytes(b"%PDF-1.7\n" + body + trailer + b"%%EOF")
    return folder / "a.pdf"


@bad
def endless_film(folder: Path) -> Path:
    """Four hours in five frames."""
    return shoot(folder / "a.mp4", greys(5), at_s=[0, 3600, 7200, 10_800, 14_400])


@pytest.mark.parametrize("kind", sorted(BAD))
def test_a_bad_file_is_passed_over_with_its_reason(kind: str, cinema: Cinema, tmp_path: Path) -> None:
    path = BAD[kind](tmp_path)
    media = cinema.bring(path, "video/mp4" if path.suffix == ".mp4" else "image/jpeg")
    film, picture = (media, None) if path.suffix == ".mp4" else (None, media)
    cinema.play(item("bad", film=film, picture=picture), item("good", text="Chữ"))
    cinema.waits_for(lambda: "bad r1" in cinema.skipped())
    assert cinema.skipped()["bad r1"].split(":")[0] in (REASONS.get(kind) or ("format", "truncated", "bomb"))
    for seconds in (0.0, 10.0):
        cinema.at(seconds)
        cinema.waits_for(lambda: cinema.status()["settled"] and cinema.status()["showing"]["item"] == "good")


def test_with_words_beside_it_only_the_bad_picture_is_left_out(cinema: Cinema, tmp_path: Path) -> None:
    cinema.play(item("bad", text="Chữ vẫn hiện", picture=cinema.bring(renamed(tmp_path), "image/jpeg")))
    cinema.waits_for(lambda: cinema.status()["showing"]["item"] == "bad" and cinema.skipped())
    assert "format" in cinema.skipped()["bad r1"]


def test_a_film_that_ends_too_soon_is_passed_over_from_there_on(cinema: Cinema, tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mkv", greys(300))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    cinema.play(item("torn", film=cinema.bring(path, "video/webm")), item("good", text="Chữ"))
    cinema.waits_for(lambda: cinema.status()["settled"] and cinema.status()["showing"]["item"])
    at_film = 0.0 if cinema.status()["showing"]["item"] == "torn" else 10.0
    cinema.at(at_film + 1.0)
    cinema.shows_grey(20 + 2 * 30)
    cinema.at(at_film + 9.0)
    cinema.waits_for(lambda: cinema.status()["showing"]["item"] == "good")
    assert cinema.skipped()["torn r1"].startswith("truncated: it ends at ")


def test_a_film_process_that_is_killed_does_not_take_the_player_with_it(cinema: Cinema, tmp_path: Path) -> None:
    film = cinema.bring(shoot(tmp_path / "a.mp4", greys(100)), "video/mp4")
    cinema.play(item("film", film=film), item("good", text="Chữ"))
    cinema.waits_for(lambda: cinema.status()["settled"] and cinema.status()["showing"]["item"])
    at_film = 1.0 if cinema.status()["showing"]["item"] == "film" else 11.0
    cinema.at(at_film)
    cinema.waits_for(cinema.parts.projector.pids)
    os.kill(cinema.parts.projector.pids()[0], signal.SIGKILL)
    cinema.waits_for(lambda: cinema.status()["showing"]["item"] == "good")
    assert cinema.skipped()["film r1"] == "process: the film process ended with -9"


def test_a_picture_that_is_deleted_before_its_turn_is_passed_over(cinema: Cinema, tmp_path: Path) -> None:
    Image.new("RGB", (64, 32), "red").save(tmp_path / "a.png")
    media = cinema.bring(tmp_path / "a.png", "image/png")
    (cinema.media / media.sha256).unlink()
    cinema.play(item("gone", picture=media), item("good", text="Chữ"))
    cinema.waits_for(lambda: "gone r1" in cinema.skipped())
    assert cinema.skipped()["gone r1"].startswith("missing:")


def test_a_film_that_is_replaced_while_it_plays_plays_on(cinema: Cinema, tmp_path: Path) -> None:
    film = cinema.bring(shoot(tmp_path / "a.mp4", greys(100)), "video/mp4")
    cinema.play(item("film", film=film))
    cinema.shows_grey(20)
    cinema.waits_for(cinema.parts.projector.pids)
    cinema.at(1.0)
    cinema.shows_grey(80)
    (tmp_path / "other").write_bytes(b"something else")
    (tmp_path / "other").replace(cinema.media / film.sha256)
    cinema.at(2.0)
    cinema.shows_grey(140)
    assert cinema.skipped() == {}


def test_a_document_that_is_too_long_is_shown_as_far_as_it_goes_and_says_so(cinema: Cinema, tmp_path: Path) -> None:
    page = Image.new("RGB", (64, 32), (120, 120, 120))
    page.save(tmp_path / "a.pdf", save_all=True, append_images=[page] * 60)
    cinema.play(item("long", 60.0, picture=cinema.bring(tmp_path / "a.pdf", "application/pdf")))
    cinema.shows_grey(120)
    cinema.waits_for(lambda: cinema.status()["showing"]["pages"] == 40 and cinema.skipped())
    assert cinema.skipped()["long r1"] == "pages: 61, only the first 40 are shown"
