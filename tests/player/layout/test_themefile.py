"""Theme files: what they set, and each way they can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.faults import ConfigError
from player.layout import themefile
from player.model import Colours, UnitTheme

FILE = Path("xanh.yaml")


def refused(data: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        themefile.read(data.encode() if isinstance(data, str) else data, FILE)
    return [str(fault) for fault in caught.value.faults]


def test_a_file_sets_what_it_names() -> None:
    found = themefile.read(b'routine:\n  ground: "#001A00"\n  text: "#FFFFFF"\nled: {title: "#ffff00"}\n', FILE)
    assert found == UnitTheme(routine=Colours(ground="#001a00", text="#ffffff"), led=Colours(title="#ffff00"))


def test_json_is_read_too() -> None:
    assert themefile.read(b'{"priority": {"accent": "#ff0000"}}', FILE).priority.accent == "#ff0000"


def test_every_fault_is_named_at_once_with_line_value_and_what_is_allowed() -> None:
    faults = refused("routin:\n  text: red\nled:\n  texts: '#ffffff'\n  ground: blue\npriority: dark\n")
    assert len(faults) == 4
    assert "xanh.yaml:1: routin" in faults[0]
    assert "'routine'" in faults[0]
    assert "xanh.yaml:4: led.texts" in faults[1]
    assert "'text'" in faults[1]
    assert "xanh.yaml:5: led.ground" in faults[2]
    assert "blue" in faults[2]
    assert "#rrggbb" in faults[2]
    assert "xanh.yaml:6: priority" in faults[3]


@pytest.mark.parametrize("value", ["[1, 2]", "{a: b}", "'#fff'", "'#12345g'", "123456", "''"])
def test_what_is_no_colour_is_refused(value: str) -> None:
    (fault,) = refused(f"led:\n  text: {value}\n")
    assert "led.text" in fault
    assert "#rrggbb" in fault


def test_a_key_written_twice_is_refused() -> None:
    (fault,) = refused("led: {text: '#ffffff', text: '#eeeeee'}")
    assert "led.text" in fault


@pytest.mark.parametrize("data", [b"", b"[]", b"routine: [", b"\xff\xfe\x00", b"x" * 17_000, b"xanh"])
def test_what_is_no_theme_file_is_refused(data: bytes) -> None:
    (fault,) = refused(data)
    assert "not a theme file" in fault


def test_colours_that_cannot_be_read_are_refused_by_their_contrast() -> None:
    faults = refused("routine: {text: '#333333'}\nled: {title: '#202020'}\nemergency: {header_text: '#ff8888'}\n")
    assert [fault.split(": ")[2] for fault in faults] == ["routine", "led", "emergency"]
    assert "text / ground" in faults[0]
    assert "< 4.5:1" in faults[0]
    assert "header_text / header" in faults[2]
    assert "< 7:1" in faults[2]


def test_an_emergency_wants_more_contrast_than_a_routine_text() -> None:
    grey = "{ground: '#000000', text: '#808080', title: '#ffffff'}"
    assert themefile.read(f"routine: {grey}".encode(), FILE).routine.text == "#808080"
    (fault,) = refused(f"emergency: {grey}")
    assert "5.3:1" in fault
