"""When what moves counts as having begun, without a film process: whoever steps the clock by hand waits for it."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from drivers.panel import create
from drivers.surfaces import new_surface
from player.film.process import FilmProcess, Picture
from player.film.projector import Projector
from player.show import Box, Live

FILM = Live("a" * 64, Box(0, 0, 8, 8), 4.0)


class Reel:
    """A film process by the test's word."""

    def __init__(self) -> None:
        self.found: Picture | None = None
        self.trouble, self.skipped = "", 0

    def picture(self) -> Picture | None:
        return self.found

    def close(self) -> None: ...


def projector(reel: Reel) -> Projector:
    return Projector(Path(), create("memory", 8, 8, {}), lambda *_: cast("FilmProcess", reel))


def test_nothing_rolls_before_something_that_moves_shows_and_after_it() -> None:
    films = projector(Reel())
    films.cue(FILM)
    assert films.rolling is None
    films.screen(FILM)
    assert films.rolling is not None
    films.rest()
    assert films.rolling is None


def test_it_rolls_from_its_first_frame_on() -> None:
    reel = Reel()
    films = projector(reel)
    films.screen(FILM)
    assert films.rolling is False
    reel.found = Picture(0, new_surface(8, 8))
    assert films.rolling is True


def test_nobody_waits_for_a_film_that_cannot_go_on() -> None:
    reel = Reel()
    films = projector(reel)
    films.screen(FILM)
    reel.trouble = "format: rubbish"
    assert films.rolling is True
