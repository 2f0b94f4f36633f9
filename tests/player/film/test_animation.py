"""Animated pictures: which frame shows at which instant, round after round; and what is too much to move."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from PIL import Image

from player.film.animation import Animation, reel
from player.prepare import pictures
from player.prepare.pictures import PictureError, look
from tests.noise import noisy_film

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


FRAME_BEGINS = b"\x21\xf9\x04"  # GIF89a, 23: the control block before each


def torn(path: Path, past_the_tenth: int) -> Path:
    """An animation of 20 frames of noise, torn so many bytes behind the place where its tenth begins."""
    first, *more = noisy_film((80, 60), 90, 20)
    first.save(path, save_all=True, append_images=more, duration=100)
    data = path.read_bytes()
    begins = [found.start() for found in re.finditer(re.escape(FRAME_BEGINS), data)]
    path.write_bytes(data[: begins[9] + past_the_tenth])
    return path


def test_an_animation_torn_within_a_frame_plays_to_the_tear_and_says_so(tmp_path: Path) -> None:
    shots = Animation(torn(tmp_path / "a.gif", 1000), (80, 60), 0).shots(0)
    assert len(list(itertools.islice(shots, 9))) == 9
    with pytest.raises(PictureError, match=r"truncated|format"):
        next(shots)


def test_an_animation_torn_between_two_frames_goes_round_with_those_it_has(tmp_path: Path) -> None:
    """Nothing in such a file says that more was to come."""
    path = torn(tmp_path / "a.gif", 0)
    shots = itertools.islice(Animation(path, (80, 60), 0).shots(0), 19)
    assert [shot.pts_us for shot in shots] == [number * 100_000 for number in range(19)]
    assert look(path).length_s == pytest.approx(0.9)


def test_an_animation_cut_between_two_frames_while_it_plays_says_so_at_the_next_jump(tmp_path: Path) -> None:
    whole = Animation(torn(tmp_path / "a.gif", 0), (80, 60), 0)
    next(whole.shots(0))
    torn_again = (tmp_path / "a.gif").read_bytes()
    (tmp_path / "a.gif").write_bytes(torn_again[: torn_again.rindex(FRAME_BEGINS)])
    with pytest.raises(PictureError, match=r"truncated: a.gif was changed while it played: 9 frames, now 8"):
        next(whole.shots(300_000))
    assert len(list(itertools.islice(Animation(tmp_path / "a.gif", (80, 60), 0).shots(0), 9))) == 9
