"""Films on a panel whose chip takes them as they were decoded: what people see is what they see on any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image

from drivers.film import Planes
from drivers.panel import PanelError
from player.bench.film import shoot
from player.model import SCHEMA, Alert, Item, Version
from player.show import PanelShape
from tests.player.film.cinema import NOON, Cinema, Until, greys, item

SHAPE: Final = PanelShape(320, 180)
CHIP: Final = {"mode": "headless", "renderer": "software"}
GREEN, RED = (16, 180, 16), (180, 16, 16)
MIDDLE: Final = (160, 90)
ALERT: Final = Alert(
    SCHEMA, "bao", "xa", 1, 1, NOON, NOON + timedelta(days=1), (Version("vi", "Bão", "Về ngay"),), level=3
)

Play = Callable[..., Cinema]


@pytest.fixture
def play(tmp_path: Path, until: Until) -> Iterator[Play]:
    """A player that shows the items made of the film's name on a panel with a chip."""
    with ExitStack() as stack:

        def begin(*made: Item, film: Path, shape: PanelShape = SHAPE) -> Cinema:
            cinema = Cinema(tmp_path, stack, until, shape, options=CHIP)
            media = cinema.bring(film, "video/mp4")
            items = [replace_film(one, media) if one.id == "film" else one for one in made]
            cinema.play(*items)
            return cinema

        yield begin


def replace_film(one: Item, media: Any) -> Item:
    return Item(one.id, one.revision, one.priority, one.versions, one.dwell_s, film=media)


def red_after_green(tmp_path: Path) -> Path:
    """Its first frame, which is also that of the page itself, is green; all others are red."""
    frames = [Image.new("RGB", (160, 90), GREEN)] * 3 + [Image.new("RGB", (160, 90), RED)] * 297
    return shoot(tmp_path / "a.mp4", frames)


def near(found: tuple[int, ...], wanted: tuple[int, ...], by: int = 8) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def hands_over(cinema: Cinema) -> bool:
    """Whether the frame that is due is one that the chip takes as it was decoded."""
    showing = cinema.parts.projector._showing
    picture = showing[1].picture() if showing is not None else None
    return picture is not None and isinstance(picture.frame, Planes)


def reached(cinema: Cinema, offset_s: float) -> bool:
    """Whether the film process is so far that the frame due there can be shown."""
    picture = cinema.parts.projector._showing[1].picture()
    return picture is not None and picture.number >= (offset_s - 0.05) * 1e6


def starts_of(cinema: Cinema, length_s: float = 10.0, count: int = 2) -> dict[str, float]:
    """When each item of the loop begins: the order is the player's."""
    found = {}
    for number in range(count):
        cinema.at(number * length_s + length_s / 2)
        cinema.waits_for(lambda: cinema.status()["settled"] and cinema.status()["showing"]["item"])
        found[cinema.status()["showing"]["item"]] = number * length_s
    return found


def until_red(cinema: Cinema, seconds: float) -> None:
    """The film's later frames stand there, handed over as planes."""
    cinema.at(seconds)
    cinema.waits_for(lambda: near(cinema.pixel(*MIDDLE), RED))
    cinema.at(seconds + 1.0)
    cinema.waits_for(lambda: hands_over(cinema) and near(cinema.pixel(*MIDDLE), RED))


def seen_by(cinema: Cinema) -> list[tuple[int, int, int]]:
    """The middle of every frame that is presented from now on."""
    panel, frames = cinema.parts.panel, []
    present = panel.present

    def watched(dirty: Any = None) -> None:
        present(dirty)
        frames.append(cinema.pixel(*MIDDLE))

    panel.present = watched
    return frames


def test_a_film_stands_where_its_slot_stands(play: Play, tmp_path: Path) -> None:
    cinema = play(item("film"), film=shoot(tmp_path / "a.mp4", greys(100, (160, 90))))
    for seconds in (1.0, 3.0, 1.5, 2.0, 2.5, 13.2):
        cinema.at(seconds)
        grey = 20 + 2 * min(99, int(seconds % 10 * 30 + 0.001))
        cinema.waits_for(lambda grey=grey: near(cinema.pixel(*MIDDLE), (grey,) * 3, by=6))  # type: ignore[misc]
    assert hands_over(cinema)


def test_it_comes_in_by_a_fade_that_moves_and_goes_out_by_one_from_its_last_frame(play: Play, tmp_path: Path) -> None:
    cinema = play(item("film"), item("text", text="Chữ"), film=red_after_green(tmp_path))
    at = starts_of(cinema)
    cinema.at(at["film"] - 0.5)
    cinema.waits_for(lambda: cinema.parts.projector._cued)
    ground = cinema.pixel(*MIDDLE)
    coming = []
    for step in range(2, 17):
        cinema.at(at["film"] + step / 30)
        cinema.turn()
        cinema.until(lambda step=step: reached(cinema, step / 30))  # type: ignore[misc]
        coming.append(cinema.pixel(*MIDDLE)[0])
    assert coming == sorted(coming)
    assert ground[0] + 30 < coming[-1] < RED[0] - 20  # red already, and not all there yet
    until_red(cinema, at["film"] + 2.0)
    cinema.at(at["film"] + 9.0)
    cinema.waits_for(lambda: near(cinema.pixel(*MIDDLE), RED))
    frames = seen_by(cinema)
    for step in range(1, 60):
        cinema.at((at["film"] + 9.0 + step / 30) % 20)
        cinema.turn()
    reds = [frame[0] for frame in frames]
    assert reds == sorted(reds, reverse=True)
    assert len(set(reds)) > 5
    assert near(frames[-1], ground, by=2)
    assert max(frame[1] for frame in frames) < 100  # never the page's own green


def test_a_page_that_is_turned_covers_the_film_by_and_by(play: Play, tmp_path: Path) -> None:
    words = (Version("vi", "Phim", "Có chữ"), Version("en", "Film", "Some words"))
    cinema = play(replace_versions(item("film", 20.0), words), film=red_after_green(tmp_path))
    until_red(cinema, 1.0)
    turn_s = next(instant for instant in (step / 10 for step in range(20, 200)) if beyond(cinema, instant))
    cinema.at(turn_s - 0.2)
    cinema.waits_for(lambda: near(cinema.pixel(*MIDDLE), RED))
    frames = []
    for step in range(12):
        cinema.at(turn_s - 0.1 + step / 20)
        cinema.turn()
        frames.append((cinema.pixel(60, 90), cinema.pixel(260, 90)))
    left, right = ([near(frame[side], RED) for frame in frames] for side in (0, 1))
    assert sum(right) < sum(left) < len(frames)
    assert left == sorted(left, reverse=True)
    assert not any(near(pixel, GREEN, by=40) for frame in frames for pixel in frame)


def replace_versions(one: Item, versions: tuple[Version, ...]) -> Item:
    return Item(one.id, one.revision, one.priority, versions, one.dwell_s)


def beyond(cinema: Cinema, seconds: float) -> bool:
    """Whether the first page is over by then."""
    prepared = cinema.parts.painter.prepared
    return bool(seconds > prepared.pages[0].share * 20.0)


def test_an_emergency_stands_there_at_once_and_the_film_comes_back_where_it_would_be(
    play: Play, tmp_path: Path
) -> None:
    cinema = play(item("film"), film=red_after_green(tmp_path))
    until_red(cinema, 2.0)
    cinema.play(*cinema.items, alerts=(ALERT,))
    cinema.waits_for(lambda: not near(cinema.pixel(*MIDDLE), RED, by=30))
    assert cinema.parts.projector.pids() == ()
    cinema.play(*cinema.items)
    cinema.waits_for(lambda: near(cinema.pixel(*MIDDLE), RED))


def test_dimmed_while_it_plays_it_is_dimmed_at_once_and_no_other_picture_flashes(play: Play, tmp_path: Path) -> None:
    cinema = play(item("film"), film=red_after_green(tmp_path))
    until_red(cinema, 2.0)
    frames = seen_by(cinema)
    cinema.play(*cinema.items, brightness_pct=50)
    cinema.waits_for(lambda: near(cinema.pixel(*MIDDLE), (90, 8, 8)))
    assert frames
    assert all(near(frame, RED) or near(frame, (90, 8, 8)) for frame in frames)


def test_no_frame_is_black_before_between_or_after_films(play: Play, tmp_path: Path) -> None:
    cinema = play(item("film"), item("text", text="Chữ"), film=shoot(tmp_path / "a.mp4", greys(60, (160, 90), step=1)))
    starts_of(cinema)
    frames = seen_by(cinema)
    for step in range(330):
        cinema.at(step / 15)
        cinema.turn()
    assert len(frames) > 20
    assert min(max(frame) for frame in frames) >= 14


@pytest.mark.parametrize(("rotation", "head"), [(90, (90, 20)), (180, (300, 90)), (270, (90, 300))])
def test_on_a_turned_panel_it_is_turned_with_its_page(
    rotation: int, head: tuple[int, int], play: Play, tmp_path: Path
) -> None:
    """`head`: where a reader's left lies on the panel."""
    halves = Image.new("RGB", (160, 90), RED)
    halves.paste(GREEN, (0, 0, 80, 90))
    shape = PanelShape(180, 320, rotation=rotation) if rotation != 180 else PanelShape(320, 180, rotation=rotation)
    cinema = play(item("film"), film=shoot(tmp_path / "a.mp4", [halves] * 200), shape=shape)
    for seconds in (2.0, 3.0, 4.0):
        cinema.at(seconds)
        cinema.waits_for(lambda: near(cinema.pixel(*head), GREEN))
    cinema.waits_for(lambda: hands_over(cinema))
    foot = (head[0], 320 - head[1]) if rotation != 180 else (320 - head[0], head[1])
    assert near(cinema.pixel(*head), GREEN)
    assert near(cinema.pixel(*foot), RED)


def test_a_panel_lost_while_a_film_plays_shows_it_again_when_it_is_back(play: Play, tmp_path: Path) -> None:
    cinema = play(item("film"), film=red_after_green(tmp_path))
    until_red(cinema, 2.0)
    panel = cinema.parts.panel
    before, pump = panel.overlay, panel.pump

    def unplugged() -> bool:
        panel.pump = pump
        raise PanelError("sdl: HDMI-A-1 was unplugged")

    panel.pump = unplugged
    cinema.at(3.5)
    cinema.turn()
    assert cinema.parts.grip.trouble
    cinema.clock.advance(3.0)  # by the steady clock too: a lost panel is tried again now and then
    cinema.waits_for(lambda: not cinema.parts.grip.trouble and near(cinema.pixel(*MIDDLE), RED))
    cinema.at(7.0)
    cinema.waits_for(lambda: hands_over(cinema) and near(cinema.pixel(*MIDDLE), RED))
    assert cinema.parts.panel.overlay is not before
