"""LED modules on the Pi's pins: the real sinks with the libraries' stand-ins, in the real helper process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from drivers import panel
from drivers.leds.mapping import grid_of
from drivers.panel import Panel, PanelError

WaitUntil = Callable[[Callable[[], bool]], None]
FakeTree = Callable[[Mapping[str, str]], Path]
Opened = Callable[..., Panel]
STANDINS = Path(__file__).parents[1] / "standins"
PI = {"device-tree/model": "Raspberry Pi 4 Model B Rev 1.5\0", "modules": "v3d 12 0\n"}
NOTES_B = 200  # what the stand-in for the HUB75 binding notes before the pixels


@pytest.fixture
def frame_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(STANDINS))
    monkeypatch.setenv("STANDIN_FRAME", str(tmp_path / "leds"))
    return tmp_path / "leds"


@pytest.fixture
def pins(own_environment: None, frame_file: Path, tree: FakeTree) -> Iterator[Opened]:
    """Opens a panel of the named driver on a machine that looks like a Pi."""
    made: list[Panel] = []
    root = tree({**PI, "pio0": ""})
    places = {"hub75": {"procfs": str(root)}, "piomatter": {"device": str(root / "pio0")}}

    def opened(name: str, size: tuple[int, int], **options: Any) -> Panel:
        shown = panel.create(name, *size, places[name] | {"gamma": 1.0, "helper": "child"} | options)
        shown.open()
        made.append(shown)
        return shown

    yield opened
    for shown in made:
        shown.close()


@pytest.fixture
def leds(frame_file: Path) -> Callable[[str], bytes]:
    """What the modules show now."""
    return lambda name: frame_file.read_bytes()[NOTES_B if name == "hub75" else 0 :]


def draw(shown: Panel) -> list[bytes]:
    width, height = shown.size
    colours = [(n % 251, n // 251, 255 - n % 250) for n in range(width * height)]
    for number, colour in enumerate(colours):
        shown.surface.set_at((number % width, number // width), colour)
    shown.present()
    return [bytes(colour) for colour in colours]


@pytest.mark.parametrize("name", ["hub75", "piomatter"])
@pytest.mark.parametrize(
    "wall",
    [
        ((64, 32), {}),
        ((128, 64), {"module": [64, 32], "parallel": 2}),
        ((64, 64), {"module": [64, 32], "serpentine": "flip"}),
        ((32, 64), {"module": [64, 32], "module_turn": 90}),
    ],
)
def test_the_modules_show_exactly_what_was_presented(
    pins: Opened, leds: Callable[[str], bytes], wait_until: WaitUntil, name: str, wall: tuple[Any, ...]
) -> None:
    size, options = wall
    colours = draw(pins(name, size, **options))
    wanted = b"".join(colours[source] for source in grid_of(size[0], size[1], options).sources())
    wait_until(lambda: leds(name) == wanted)


def status(shown: Panel, wait_until: WaitUntil) -> dict[str, Any]:
    before = shown.health().get("frames", 0)
    shown.present()
    wait_until(lambda: shown.pump() and shown.health().get("frames", 0) > before)
    return shown.health()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give root up")
@pytest.mark.parametrize("name", ["hub75", "piomatter"])
def test_the_helper_is_nobody_special_once_it_has_the_pins(pins: Opened, name: str) -> None:
    shown = pins(name, (64, 32), user="daemon")
    pid = shown._link.pid  # type: ignore[attr-defined]
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    ids = {field: line.split()[1:] for line in lines for field in ("Uid:", "Gid:", "Groups:") if line.startswith(field)}
    assert ids == {"Uid:": ["1"] * 4, "Gid:": ["1"] * 4, "Groups:": []}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give root up")
def test_a_user_there_is_not_is_named(pins: Opened) -> None:
    with pytest.raises(PanelError, match="user=nobody-here: there is no such user"):
        pins("hub75", (64, 32), user="nobody-here")


@pytest.mark.parametrize(
    ("way", "noted"),
    [("rio", "rp1_rio=1"), ("pio", "rp1_rio=0"), ("rio", "rp1_pio=0"), ("pio", "rp1_pio=1")],
)
def test_an_option_that_was_renamed_is_set_under_the_name_there_is(
    pins: Opened, frame_file: Path, monkeypatch: pytest.MonkeyPatch, way: str, noted: str
) -> None:
    monkeypatch.setenv("STANDIN_HAS", noted.partition("=")[0])
    pins("hub75", (64, 32), rp1=way, gpio_slowdown=4)
    assert frame_file.read_bytes()[:NOTES_B].decode().split() == [noted, "gpio_slowdown=4"]


def test_health_tells_that_pictures_come_through(pins: Opened, wait_until: WaitUntil) -> None:
    assert status(pins("piomatter", (64, 32)), wait_until)["led_hz"] == 123.4


def test_an_option_the_library_does_not_have_is_told(
    pins: Opened, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDIN_LACKS", "pwm_bits")
    assert "pwm_bits" in status(pins("hub75", (64, 32), rp1="pio"), wait_until)["ignored"].split()


@pytest.mark.parametrize(
    ("files", "options", "says"),
    [
        ({}, {}, "needs the pins of a Raspberry Pi; this machine is none"),
        ({"device-tree/model": "Radxa ROCK 5\0"}, {}, "this machine is Radxa ROCK 5"),
        (PI | {"modules": "snd_bcm2835 24 1\n"}, {}, "dtparam=audio=off"),
    ],
)
def test_a_machine_on_which_the_library_would_end_the_process_is_refused_first(
    frame_file: Path, tree: FakeTree, files: dict[str, str], options: dict[str, Any], says: str
) -> None:
    root = tree({"version": "", **files})
    shown = panel.create("hub75", 64, 32, {"procfs": str(root), "helper": "child", **options})
    with pytest.raises(PanelError, match=says):
        shown.open()


def test_the_sound_may_stay_if_the_library_does_without_the_pulses(frame_file: Path, tree: FakeTree) -> None:
    root = tree(PI | {"modules": "snd_bcm2835 24 1\n"})
    given = {"procfs": str(root), "helper": "child", "disable_hardware_pulsing": True}
    shown = panel.create("hub75", 64, 32, given)
    shown.open()
    shown.close()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"device": "/dev/nowhere"}, "/dev/nowhere is not there"),
        ({"pinout": "MyHat"}, "pinout=MyHat: this version knows Active3, AdafruitMatrixBonnet"),
        ({"module": [64, 10], "parallel": 1}, "modules of 10 rows: allowed are 4, 8, 16, 32 or 64"),
    ],
)
def test_piomatter_says_what_it_lacks(pins: Opened, options: dict[str, Any], says: str) -> None:
    with pytest.raises(PanelError, match=says):
        pins("piomatter", (64, 20), **({"module": [64, 4]} | options))


@pytest.mark.parametrize("name", ["hub75", "piomatter"])
def test_a_library_that_is_not_installed_is_named_with_the_way_to_get_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(
        PanelError, match=f"{name}: the Python module .* is not installed: scripts/install --leds {name}"
    ):
        panel.create(name, 64, 32, {"helper": "child"}).open()
