"""Which card has the screen, in trees as real boards have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from drivers.panel import PanelError
from drivers.panels.drm import Connector, SocketWatch, card_to_use, connectors

FakeTree = Callable[[Mapping[str, str]], Path]
HDMI0, HDMI1 = "class/drm/card0-HDMI-A-1/status", "class/drm/card1-HDMI-A-1/status"


@pytest.mark.parametrize(
    ("files", "card"),
    [
        ({HDMI0: "connected\n", HDMI1: "disconnected\n"}, 0),
        ({HDMI0: "disconnected\n", HDMI1: "connected\n"}, 1),
        ({HDMI0: "connected\n", HDMI1: "connected\n"}, 0),
        ({HDMI1: "disconnected\n"}, 1),  # the sending card is not up yet
        ({"class/drm/card0/dev": "226:0", HDMI1: "unknown\n"}, 1),  # card0 only computes: a Pi 5's v3d
        ({"class/drm/card0-Writeback-1/status": "unknown\n", HDMI1: "connected\n"}, 1),
        ({"class/drm/version": "drm 1.1"}, None),
        ({}, None),
    ],
)
def test_takes_the_card_with_a_screen(tree: FakeTree, files: dict[str, str], card: int | None) -> None:
    assert card_to_use(tree(files)) == card


def test_ten_cards_are_counted_as_numbers(tree: FakeTree) -> None:
    sysfs = tree({f"class/drm/card{n}-HDMI-A-1/status": "disconnected" for n in (10, 2)})
    assert card_to_use(sysfs) == 2


def test_a_socket_whose_state_cannot_be_read_is_unknown(tree: FakeTree) -> None:
    sysfs = tree({"class/drm/card0-HDMI-A-1/modes": ""})
    assert connectors(sysfs) == [Connector(0, "HDMI-A-1", None)]


def test_a_screen_that_is_unplugged_is_missed_until_it_is_back(tree: FakeTree) -> None:
    now = [0.0]
    watch = SocketWatch(tree({HDMI1: "connected\n"}), lambda: now[0])
    watch.begin()
    watch.check()
    tree({HDMI1: "disconnected\n"})
    watch.check()  # looked a moment ago
    now[0] += 1.0
    with pytest.raises(PanelError, match="card1-HDMI-A-1 was unplugged"):
        watch.check()
    with pytest.raises(PanelError, match="no screen is plugged in"):
        watch.begin()
    tree({HDMI1: "connected\n"})
    watch.begin()
    now[0] += 1.0
    watch.check()


def test_a_screen_that_comes_later_or_moves_is_noticed(tree: FakeTree) -> None:
    now = [0.0]
    watch = SocketWatch(tree({HDMI0: "disconnected\n", HDMI1: "disconnected\n"}), lambda: now[0])
    watch.begin()  # an LED sending card that is not up yet
    tree({HDMI1: "connected\n"})
    with pytest.raises(PanelError, match="card1-HDMI-A-1 was plugged in"):
        watch.check()
    watch.begin()
    now[0] += 1.0
    tree({HDMI0: "connected\n", HDMI1: "disconnected\n"})
    with pytest.raises(PanelError, match="card1-HDMI-A-1 was unplugged, card0-HDMI-A-1 was plugged in"):
        watch.check()


def test_sockets_nobody_knows_about_are_not_watched(tree: FakeTree) -> None:
    watch = SocketWatch(tree({HDMI0: "unknown\n"}))
    watch.begin()
    watch.check()
