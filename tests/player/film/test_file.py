"""Film files: what they are, and every bad one refused with its reason."""

from __future__ import annotations

import random
import socket
from pathlib import Path

import pytest
from PIL import Image

from player.bench.film import shoot
from player.film.file import FilmError, broken_off, inspect, look
from player.film.footage import LONGEST_S

GREY = [Image.new("RGB", (160, 90), (n, n, n)) for n in range(0, 200, 2)]


def refused(path: Path) -> str:
    with pytest.raises(FilmError) as caught:
        inspect("k", path)
    return str(caught.value).partition(":")[0]


@pytest.mark.parametrize(
    ("name", "codec", "mime"),
    [
        ("a.mp4", "libx264", "video/mp4"), ("a.mov", "libx264", "video/mp4"), ("a.webm", "libvpx-vp9", "video/webm"),
        ("a.mkv", "libx264", "video/webm"), ("a.avi", "libx264", "video/x-msvideo"), ("a.ts", "libx264", "video/mp2t"),
    ],
)  # fmt: skip
def test_a_film_says_its_kind_size_and_length(name: str, codec: str, mime: str, tmp_path: Path) -> None:
    path = shoot(tmp_path / name, GREY[:30], codec=codec)
    found = inspect("k", path)
    assert (found.key, found.mime, found.width_px, found.height_px, found.sound) == ("k", mime, 160, 90, False)
    assert found.length_s == pytest.approx(1.0, abs=0.1)
    assert look(path).mime == mime


@pytest.mark.parametrize(("name", "mime"), [("a.mp3", "audio/mpeg"), ("a.wav", "audio/wav"), ("a.mp4", "audio/mp4")])
def test_sound_alone_has_no_size(name: str, mime: str, tmp_path: Path) -> None:
    found = inspect("k", shoot(tmp_path / name, tone_s=2.0))
    assert (found.mime, found.width_px, found.height_px, found.sound) == (mime, 0, 0, True)
    assert found.length_s == pytest.approx(2.0, abs=0.1)


def test_a_film_held_upright_is_higher_than_wide(tmp_path: Path) -> None:
    found = inspect("k", shoot(tmp_path / "a.mp4", GREY[:10], rotation=90))
    assert (found.width_px, found.height_px) == (90, 160)


def test_a_film_of_varying_pace_is_as_long_as_its_stamps_say(tmp_path: Path) -> None:
    found = inspect("k", shoot(tmp_path / "a.mp4", GREY[:4], at_s=[0, 0.1, 3.0, 3.04]))
    assert found.length_s == pytest.approx(3.1, abs=0.1)


def test_a_film_of_hours_is_measured_at_the_door_and_refused_on_a_board(tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", GREY[:3], at_s=[0, LONGEST_S / 2, LONGEST_S + 60])
    assert inspect("k", path).length_s > LONGEST_S
    with pytest.raises(FilmError, match=r"^long: a.mp4 lasts 31 minutes, at most 30 are shown"):
        look(path)
    assert look(shoot(tmp_path / "b.mp4", GREY[:3], at_s=[0, 60, LONGEST_S - 60])).length_s < LONGEST_S


def test_a_film_without_its_end_is_truncated(tmp_path: Path) -> None:
    """A file that tells its length at its beginning, as a telephone sends it, and was cut on its way."""
    whole = shoot(tmp_path / "a.mkv", GREY * 5, tone_s=0.5)
    assert inspect("k", whole).length_s == pytest.approx(16.7, abs=0.2)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    assert refused(whole) == "truncated"


def test_an_mp4_without_its_index_is_refused(tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", GREY)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert refused(path) in ("format", "truncated")


NO_FILMS = {
    "empty": b"",
    "the head of an MP4": b"\0\0\0\x18ftypisom",
    "the head of a WebM": b"\x1a\x45\xdf\xa3" + bytes(500),
    "the head of an MP3": b"ID3\x03" + bytes(3000),
    "noise": random.Random(1).randbytes(5000),
}


@pytest.mark.parametrize("kind", NO_FILMS)
def test_what_is_no_film_is_refused(kind: str, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(NO_FILMS[kind])
    assert refused(tmp_path / "a.mp4") in ("format", "truncated")


def test_a_missing_film_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.mp4") == "missing"


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{url}\n#EXT-X-ENDLIST\n", "ffconcat version 1.0\nfile '{url}'\n",
        "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>{url}</BaseURL></MPD>",
    ],
)  # fmt: skip
def test_a_file_that_names_others_fetches_nothing(text: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        path = tmp_path / "a.m3u8"
        path.write_text(text.replace("{url}", f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"), encoding="utf-8")
        assert refused(path) == "format"
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_film_is_broken_off_when_much_of_it_is_missing() -> None:
    assert not broken_off(59.0, 60.0)
    assert not broken_off(0.5, 1.5)
    assert broken_off(30.0, 60.0)
    assert not broken_off(30.0, 0.0), "a file that promises nothing breaks no promise"
