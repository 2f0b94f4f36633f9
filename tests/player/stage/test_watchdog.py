"""The watchdog is fed by the loop that draws, and by nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from drivers.panel import Rect

if TYPE_CHECKING:
    from tests.player.stage.conftest import House


@pytest.fixture
def fed_s(house: House, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When the watchdog was fed, on the steady clock, which goes on as the stage sleeps."""
    fed: list[float] = []
    monkeypatch.setattr(house.notifier, "alive", lambda: fed.append(house.clock.monotonic()))
    monkeypatch.setattr(house.stage, "rest", lambda seconds: house.clock.advance(max(seconds, 0.001)))
    house.commit(playlist=house.playlist(house.item("a"), house.item("b")))
    return fed


def test_a_loop_that_draws_feeds_it_about_every_second(house: House, fed_s: list[float]) -> None:
    house.stage.run(30)
    assert len(fed_s) >= 24
    assert max(later - this for this, later in pairwise(fed_s)) <= 1.3


def test_while_a_frame_is_stuck_in_the_panel_it_starves(
    house: House, fed_s: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    present = type(house.panel).present

    def stuck(panel: object, dirty: Sequence[Rect] | None = None) -> None:
        if house.clock.monotonic() > 9:
            house.clock.advance(40)
        present(house.panel, dirty)

    monkeypatch.setattr(type(house.panel), "present", stuck)
    house.stage.run(30)
    assert house.clock.monotonic() > 40
    assert max(fed_s) < 12


def test_turning_the_stage_without_its_loop_feeds_nothing(house: House, fed_s: list[float]) -> None:
    house.turn(5)
    assert fed_s == []
