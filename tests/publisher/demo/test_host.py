"""What a machine can show and play decides which drivers the demo's screens get."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.demo.host import Host, has_desktop, has_sound, opens_a_window, screens, ssh_server


def test_with_nothing_the_browser_shows_it_all() -> None:
    hdmi, led = screens(Host(window=False, sound=False, emulator=False))
    assert (hdmi.driver, hdmi.speaker, led.driver, led.speaker) == ("memory", "silent", "memory", "silent")


def test_with_everything_one_screen_speaks_and_both_are_seen() -> None:
    hdmi, led = screens(Host(window=True, sound=True, emulator=True))
    assert (hdmi.driver, hdmi.options["mode"], hdmi.speaker) == ("sdl", "window", "sdl")
    assert (led.driver, led.speaker) == ("emulator", "silent")


@pytest.mark.parametrize("environ", [{"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}])
def test_a_desktop_is_named_by_the_environment(environ: dict[str, str]) -> None:
    assert has_desktop(environ)
    assert not has_desktop({"DISPLAY": ""})


def test_a_display_is_tried_before_it_is_believed() -> None:
    assert opens_a_window({}, probe="")
    assert not opens_a_window({}, probe="raise SystemExit(1)")


def test_a_probe_that_hangs_is_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.demo.host.PROBE_LIMIT_S", 0.2)
    assert not opens_a_window({}, probe="import signal; signal.pause()")


def test_sound_is_a_card_or_a_sound_server(tmp_path: Path) -> None:
    assert not has_sound({}, tmp_path)
    assert has_sound({"PULSE_SERVER": "unix:/x"}, tmp_path)
    (tmp_path / "sys/class/sound/card0").mkdir(parents=True)
    assert has_sound({}, tmp_path)


def test_a_sound_server_is_found_by_its_socket(tmp_path: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": "/run/user/1000"}
    assert not has_sound(environ, tmp_path)
    socket = tmp_path / "run/user/1000/pulse/native"
    socket.parent.mkdir(parents=True)
    socket.touch()
    assert has_sound(environ, tmp_path)


def test_ssh_names_the_servers_own_address() -> None:
    assert ssh_server({"SSH_CONNECTION": "10.0.0.7 51234 192.168.1.5 22"}) == "192.168.1.5"
    assert ssh_server({"SSH_CONNECTION": "?"}) == "HOST"
    assert ssh_server({}) == ""


def test_this_machine_can_be_looked_at(tmp_path: Path) -> None:
    host = Host.look({"SSH_CONNECTION": "a 1 b 2"}, tmp_path)
    assert (host.window, host.sound, host.ssh) == (False, False, "b")
