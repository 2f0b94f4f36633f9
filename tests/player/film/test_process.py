"""A film process: real, asked for positions as a player asks, its file taken away, torn, and itself killed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
from array import array
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psutil
import pygame
import pytest
from PIL import Image

from drivers.speaker import RATE_HZ
from player.bench.film import shoot
from player.film.process import FilmProcess, Picture
from tests.noise import noisy_film

Until = Callable[[Callable[[], object]], None]
Play = Callable[..., FilmProcess]
SIZE = (160, 96)


def counted(count: int) -> list[Image.Image]:
    """Frames whose grey says their number."""
    return [Image.new("RGB", SIZE, (2 * n % 250,) * 3) for n in range(count)]


@pytest.fixture
def play() -> Iterator[Play]:
    running: list[FilmProcess] = []

    def begin(path: Path, size: tuple[int, int] = SIZE, memory_cap_mb: int = 1024) -> FilmProcess:
        running.append(FilmProcess(path, size, 0, memory_cap_mb))
        return running[-1]

    yield begin
    for one in running:
        one.close()


def drawn(picture: Picture) -> pygame.Surface:
    assert isinstance(picture.frame, pygame.Surface)
    return picture.frame


def number_at(film: FilmProcess, until: Until, at_s: float, wanted_us: int) -> None:
    """Waits until the film shows the frame of that stamp at that position, and no other one after it."""

    def stands() -> bool:
        film.want(at_s)
        picture = film.picture()
        return picture is not None and abs(picture.number - wanted_us) < 1000

    until(stands)


def test_the_frame_follows_from_the_position_alone(play: Play, until: Until, tmp_path: Path) -> None:
    film = play(shoot(tmp_path / "a.mp4", counted(120)))
    for number in (0, 1, 7, 30, 31, 119, 60, 3, 90):
        number_at(film, until, number / 30 + 0.001, round(number / 30 * 1e6))
        picture = film.picture()
        assert picture is not None
        assert abs(drawn(picture).get_at((80, 48)).r - 2 * number) <= 6
    assert film.trouble == ""


def test_two_films_asked_alike_show_alike(play: Play, until: Until, tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", counted(60))
    films = [play(path), play(path)]
    for at_s in (0.0, 0.51, 1.3, 0.2):
        for film in films:
            number_at(film, until, at_s, round(int(at_s * 30) / 30 * 1e6))
        one, other = (film.picture() for film in films)
        assert one is not None
        assert other is not None
        assert drawn(one).get_buffer().raw == drawn(other).get_buffer().raw


def test_the_last_frame_stays_when_the_film_is_over(play: Play, until: Until, tmp_path: Path) -> None:
    film = play(shoot(tmp_path / "a.mp4", counted(30)))
    number_at(film, until, 1.9, round(29 / 30 * 1e6))
    until(lambda: film.next_s() == float("inf"))
    assert film.trouble == ""
    number_at(film, until, 0.5, 500_000)


def test_until_the_next_frame_is_known(play: Play, until: Until, tmp_path: Path) -> None:
    film = play(shoot(tmp_path / "a.mp4", counted(4), at_s=[0, 0.5, 0.6, 3.0]))
    number_at(film, until, 0.2, 0)
    until(lambda: film.next_s() == pytest.approx(0.3, abs=0.01))
    number_at(film, until, 0.7, 600_000)
    until(lambda: film.next_s() == pytest.approx(2.3, abs=0.01))


def test_a_film_entered_in_its_middle_begins_there(play: Play, until: Until, tmp_path: Path) -> None:
    film = play(shoot(tmp_path / "a.mp4", counted(300)))
    film.want(8.0)
    number_at(film, until, 8.0, 8_000_000)


# --- sound


def loud(chunk: bytes) -> bool:
    return max(map(abs, array("h", chunk)), default=0) > 3000


def test_sound_is_read_where_the_film_stands(play: Play, until: Until, tmp_path: Path) -> None:
    """Silence for two seconds, then a tone: from 1.5 s on it is half a second away."""
    path = shoot(tmp_path / "a.mp4", counted(120), tone_s=4.0, tone=lambda at_s: at_s % 0.01 * 100 * (at_s > 2))
    film = play(path)
    film.want(1.5)
    until(lambda: all(loud(chunk) for chunk in _taken(film.pcm(), 10)[6:]))
    pieces = film.pcm()
    chunks = [next(pieces) for _ in range(10)]
    assert {len(chunk) for chunk in chunks} == {2 * (RATE_HZ // 10)}
    assert not any(loud(chunk) for chunk in chunks[:4])


def _taken(pieces: Iterator[bytes], count: int) -> list[bytes]:
    return [next(pieces) for _ in range(count)]


def test_sound_alone_needs_no_picture(play: Play, until: Until, tmp_path: Path) -> None:
    film = play(shoot(tmp_path / "a.mp3", tone_s=3.0), (0, 0))
    until(lambda: film.heard)
    assert film.picture() is None
    until(lambda: loud(next(film.pcm())))
    pieces = film.pcm()
    film.close()
    assert list(pieces) == []


def test_a_long_sound_is_decoded_only_a_little_ahead(play: Play, until: Until, tmp_path: Path) -> None:
    film = play(shoot(tmp_path / "a.wav", tone_s=30.0), (0, 0))
    until(lambda: film.heard)
    for second in range(0, 30, 5):
        until(partial(_sounds, film, second))
    assert film.jumps == 5


def _sounds(film: FilmProcess, at_s: float) -> bool:
    film.want(at_s)
    return film.heard and loud(next(film.pcm()))


def test_a_position_that_goes_on_is_no_jump(play: Play, tmp_path: Path) -> None:
    film = play(shoot(tmp_path / "a.mp3", tone_s=3.0), (0, 0))
    for at_s in (0.0, 0.5, 1.0, 0.9, 2.5):
        film.want(at_s)
    assert film.jumps == 0
    film.want(0.0)
    assert film.jumps == 1


# --- what goes wrong


def test_a_film_whose_file_is_deleted_plays_on(play: Play, until: Until, tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", counted(120))
    film = play(path)
    number_at(film, until, 0.0, 0)
    path.unlink()
    number_at(film, until, 3.9, 3_900_000)
    number_at(film, until, 0.1, 100_000)
    assert film.trouble == ""


def test_a_film_whose_file_is_replaced_plays_on_as_it_was(play: Play, until: Until, tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", counted(120))
    film = play(path)
    number_at(film, until, 0.0, 0)
    shoot(tmp_path / "b.mp4", [Image.new("RGB", SIZE, "red")] * 10).replace(path)
    number_at(film, until, 3.5, 3_500_000)
    picture = film.picture()
    assert picture is not None
    assert abs(drawn(picture).get_at((80, 48)).r - 210) <= 6


def test_a_film_whose_file_is_cut_while_it_plays_says_so(play: Play, until: Until, tmp_path: Path) -> None:
    noise = noisy_film((320, 192), 90, 20) * 30
    path = shoot(tmp_path / "a.mkv", noise)
    film = play(path)
    number_at(film, until, 0.0, 0)
    os.truncate(path, path.stat().st_size // 2)

    def told() -> bool:
        film.want(19.0)
        return bool(film.trouble)

    until(told)
    assert film.trouble.startswith(("truncated:", "format:"))
    assert film.next_s() == float("inf")


@pytest.mark.parametrize("data", [b"", b"hello", b"\0\0\0\x18ftypisom" + bytes(5000), b"\x1a\x45\xdf\xa3" + bytes(99)])
def test_a_file_that_is_no_film_is_told_with_its_reason(data: bytes, play: Play, until: Until, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(data)
    film = play(tmp_path / "a.mp4")
    until(lambda: film.trouble)
    assert film.trouble.startswith(("format:", "truncated:"))
    assert film.picture() is None


def test_a_missing_file_is_told(play: Play, until: Until, tmp_path: Path) -> None:
    film = play(tmp_path / "gone.mp4")
    until(lambda: film.trouble)
    assert "No such file" in film.trouble


def test_a_film_process_that_is_killed_is_told(play: Play, until: Until, tmp_path: Path) -> None:
    film = play(shoot(tmp_path / "a.mp4", counted(30)))
    number_at(film, until, 0.0, 0)
    assert film.pid is not None
    os.kill(film.pid, signal.SIGKILL)
    until(lambda: film.trouble)
    assert film.trouble == "process: the film process ended with -9"
    film.want(0.5)
    assert film.picture() is not None, "what was decoded stays"


def test_a_film_that_no_process_is_to_be_had_for_is_told(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes on without it, the page and all that comes after, must not end with it."""

    def full(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", full)
    film = play(tmp_path / "a.mp4")
    film.want(1.0)
    assert film.trouble.startswith("process: no film process can be started: ")
    assert (film.picture(), film.pid, film.next_s()) == (None, None, float("inf"))


def test_a_film_that_needs_too_much_memory_is_told(play: Play, until: Until, tmp_path: Path) -> None:
    film = play(shoot(tmp_path / "a.mp4", [Image.new("RGB", (1920, 1088))] * 3), (1920, 1080), memory_cap_mb=220)
    until(lambda: film.trouble)
    assert film.trouble.startswith(("memory:", "format:", "process:"))


def test_closed_and_let_go_it_leaves_nothing(until: Until, tmp_path: Path) -> None:
    before = rings()
    film = FilmProcess(shoot(tmp_path / "a.mp4", counted(30)), SIZE, 0, 1024)
    number_at(film, until, 0.0, 0)
    pid = film.pid
    assert rings() > before
    film.close()
    film.close()
    assert not psutil.pid_exists(pid)
    del film
    assert rings() == before


def rings() -> int:
    """Descriptors of film memory that this process holds."""
    return sum("memfd:film" in _target(name) for name in Path("/proc/self/fd").iterdir())


def _target(name: Path) -> str:
    try:
        return str(name.readlink())
    except OSError:
        return ""


def test_a_film_that_waits_costs_no_time(play: Play, until: Until, tmp_path: Path) -> None:
    """Its ring is full and the position stands still: it sleeps until it is asked on."""
    film = play(shoot(tmp_path / "a.mp4", counted(120)))
    number_at(film, until, 0.5, 500_000)
    process = psutil.Process(film.pid)
    until(lambda: process.status() == psutil.STATUS_SLEEPING)
    before = process.cpu_times()
    for _ in range(20):
        film.want(0.5)
    after = process.cpu_times()
    assert after.user - before.user < 0.2
