"""Animated pictures: which frame shows at which instant, round after round; and what is too much to move."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PIL import Image

from player.film.animation import Animation, reel
from player.prepare import pictures
from player.prepare.pictures import PictureError, look

COLOURS = ["red", "lime", "blue"]
KINDS = ["a.gif", "a.webp", "a.png"]


def animated(path: Path, durations: list[int] | int = [100, 250, 50], size: tuple[int, int] = (40, 30)) -> Path:  # noqa: B006
    frames = [Image.new("RGB", size, colour) for colour in COLOURS]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=durations, loop=0, lossless=True)
    return path


def colour_at(path: Path, from_us: int, size: tuple[int, int] = (40, 30), place: tuple[int, int] = (20, 15)) -> str:
    shot = next(iter(Animation(path, size, 0).shots(from_us)))
    room = bytearray(size[0] * size[1] * 4)
    shot.draw(memoryview(room))
    found = Image.frombytes("RGB", size, bytes(room), "raw", "BGRX").getpixel(place)
    assert isinstance(found, tuple)
    return max(zip(found, COLOURS, strict=True))[1]


@pytest.mark.parametrize("name", KINDS)
def test_the_frame_follows_from_the_position_round_after_round(name: str, tmp_path: Path) -> None:
    path = animated(tmp_path / name)
    for lap_us in (0, 400_000, 40_000_000):
        for at_us, colour in [(0, "red"), (99_999, "red"), (100_000, "lime"), (349_000, "lime"), (350_000, "blue")]:
            assert colour_at(path, lap_us + at_us) == colour, (lap_us, at_us)


@pytest.mark.parametrize("name", KINDS)
def test_stamps_go_on_without_end(name: str, tmp_path: Path) -> None:
    shots = Animation(animated(tmp_path / name), (40, 30), 0).shots(0)
    stamps = [shot.pts_us for shot in itertools.islice(shots, 7)]
    assert stamps == [0, 100_000, 350_000, 400_000, 500_000, 750_000, 800_000]


def test_a_frame_without_a_duration_lasts_a_tenth_of_a_second(tmp_path: Path) -> None:
    path = animated(tmp_path / "a.gif", 0)
    stamps = [shot.pts_us for shot in itertools.islice(Animation(path, (40, 30), 0).shots(0), 3)]
    assert stamps == [0, 100_000, 200_000]
    assert look(path).length_s == pytest.approx(0.3)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_frames_are_scaled_and_turned_for_the_panel(rotation: int, tmp_path: Path) -> None:
    first = Image.new("RGB", (40, 30), "red")
    first.paste("blue", (20, 0, 40, 30))
    path = tmp_path / "a.gif"
    first.save(path, save_all=True, append_images=[first.rotate(180)], duration=100)
    size = (60, 80) if rotation in (90, 270) else (80, 60)
    found = reel(path, size, rotation)
    assert found.sound is None
    assert found.footage is not None
    shot = next(iter(found.footage.shots(0)))
    room = bytearray(size[0] * size[1] * 4)
    shot.draw(memoryview(room))
    picture = Image.frombytes("RGB", size, bytes(room), "raw", "BGRX")
    wanted = first.resize((80, 60)).rotate(-rotation, expand=True)
    for place in [(5, 5), (size[0] - 5, 5), (5, size[1] - 5)]:
        assert picture.getpixel(place) == wanted.getpixel(place)


def test_what_is_clear_stands_on_white(tmp_path: Path) -> None:
    frames = [Image.new("RGBA", (40, 30), (255, 0, 0, 255)), Image.new("RGBA", (40, 30), (0, 0, 0, 0))]
    frames[0].save(tmp_path / "a.png", save_all=True, append_images=frames[1:], duration=100, blend=0)
    shots = Animation(tmp_path / "a.png", (40, 30), 0).shots(100_000)
    room = bytearray(40 * 30 * 4)
    next(shots).draw(memoryview(room))
    assert bytes(room[:3]) == b"\xff\xff\xff"


@pytest.mark.parametrize("name", KINDS)
def test_an_animated_picture_says_how_long_a_round_is(name: str, tmp_path: Path) -> None:
    assert look(animated(tmp_path / name)).length_s == pytest.approx(0.4)
    assert pictures.inspect("k", tmp_path / name).length_s == pytest.approx(0.4)
    still = tmp_path / f"still{Path(name).suffix}"
    Image.new("RGB", (40, 30)).save(still)
    assert look(still).length_s == 0


@pytest.mark.parametrize("limit", ["LARGEST_MOVING_PX", "LONGEST_MOVING_PX"])
def test_too_many_pixels_stand_still_and_are_refused_at_the_door(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = animated(tmp_path / "a.gif")
    monkeypatch.setattr(pictures, limit, 1000)
    found = look(path)
    assert found.length_s == 0
    assert found.note.startswith("animation: 3 frames of 40x30")
    with pytest.raises(PictureError, match="animation"):
        pictures.inspect("k", path)
    assert pictures.fitted(path, 80, 60).get_size() == (80, 60)


def test_a_torn_animation_plays_to_the_tear_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    frames = [Image.effect_noise((80, 60), 90).convert("RGB") for _ in range(20)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(PictureError, match=r"truncated|format"):
        list(itertools.islice(Animation(path, (80, 60), 0).shots(0), 40))
