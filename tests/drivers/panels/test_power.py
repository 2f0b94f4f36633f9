"""Screens asked by tools that stand on the path, and what each of them can and cannot confirm."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers import panel
from drivers.panel import Power
from drivers.panels import power
from drivers.panels.power import WAYS, PowerState, PowerSwitch, ways_named
from drivers.panels.sdl import Driver

WaitUntil = Callable[[Callable[[], bool]], None]

CEC = """case "$*" in
*--image-view-on*) echo on > {state} ;;
*--standby*) echo standby > {state} ;;
*--give-device-power-status*) printf 'REPORT_POWER_STATUS (0x90):\\n\\tpwr-state: %s (0x00)\\n' "$(cat {state})" ;;
esac"""
DDC = """case "$1 $3" in
"setvcp 1") echo x01 > {state} ;;
"setvcp 4") echo x04 > {state} ;;
"getvcp --terse") echo "VCP D6 SNC $(cat {state})" ;;
esac"""
WLOPM = """case "$1" in
--on) echo on > {state} ;;
--off) echo off > {state} ;;
*) echo "HDMI-A-1 $(cat {state})" ;;
esac"""
XSET = """case "$*" in
*"force on") echo On > {state} ;;
*"force off") echo Off > {state} ;;
q) printf 'DPMS (Energy Star):\\n  DPMS is Enabled\\n  Monitor is %s\\n' "$(cat {state})" ;;
esac"""
TOOLS = {"cec": ("cec-ctl", CEC), "ddc": ("ddcutil", DDC), "wlopm": ("wlopm", WLOPM), "xset": ("xset", XSET)}


class Bench:
    """A folder of tools that is the whole path, and switches that are closed with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.made: list[PowerSwitch] = []

    def tool(self, way: str, script: str | None = None) -> None:
        name, usual = TOOLS[way]
        text = (script or usual).format(state=self.state)
        path = self.folder / name
        path.write_text(f'#!/bin/sh\nPATH=/usr/bin:/bin\necho "$0 $*" >> {self.folder}/log\n{text}\n')
        path.chmod(0o755)

    def switch(self, look_s: float = 3600.0, way: str = "auto") -> PowerSwitch:
        self.made.append(PowerSwitch(ways_named(way), look_s))
        return self.made[-1]

    @property
    def log(self) -> list[str]:
        path = self.folder / "log"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    made = Bench(folder)
    yield made
    for switch in made.made:
        switch.close()


@pytest.mark.parametrize("way", TOOLS)
def test_a_screen_that_answers_confirms_on_and_off(bench: Bench, wait_until: WaitUntil, way: str) -> None:
    bench.tool(way)
    switch = bench.switch()
    assert switch.set(False) is Power.UNKNOWN
    wait_until(lambda: switch.state == PowerState(False, Power.OFF, way))
    assert switch.set(True) is Power.UNKNOWN
    wait_until(lambda: switch.state == PowerState(True, Power.ON, way))


def test_without_any_tool_it_is_black_and_nobody_knows(bench: Bench, wait_until: WaitUntil) -> None:
    switch = bench.switch()
    switch.set(False)
    wait_until(lambda: switch.state == PowerState(False, Power.UNKNOWN, "black"))


def test_a_way_that_fails_gives_room_to_the_next(bench: Bench, wait_until: WaitUntil) -> None:
    bench.tool("cec", "echo 'no /dev/cec0' >&2; exit 1")
    bench.tool("ddc")
    switch = bench.switch()
    switch.set(False)
    wait_until(lambda: switch.state == PowerState(False, Power.OFF, "ddc"))


def test_what_went_wrong_is_told_where_no_way_is_left(bench: Bench, wait_until: WaitUntil) -> None:
    bench.tool("cec", "echo 'no /dev/cec0' >&2; exit 1")
    bench.tool("ddc", "exit 3")
    switch = bench.switch()
    switch.set(False)
    wait_until(lambda: switch.state.by == "black")
    assert switch.state.trouble == "cec: no /dev/cec0; ddc: exit status 3"


@pytest.mark.parametrize("silent", ["--standby*) exit 0", "*) echo 'pwr-state: confused'"])
def test_a_screen_that_takes_the_order_and_says_nothing_is_unknown(
    bench: Bench, wait_until: WaitUntil, silent: str
) -> None:
    bench.tool("cec", f'case "$*" in\n*{silent} ;;\nesac')
    switch = bench.switch()
    switch.set(False)
    wait_until(lambda: switch.state == PowerState(False, Power.UNKNOWN, "cec"))


def test_a_screen_that_was_switched_by_hand_is_asked_again(bench: Bench, wait_until: WaitUntil) -> None:
    bench.tool("cec")
    switch = bench.switch(look_s=0.02)
    switch.set(True)
    wait_until(lambda: switch.state.confirmed is Power.ON)
    bench.state.write_text("standby\n")
    wait_until(lambda: bench.state.read_text() == "on\n")
    wait_until(lambda: switch.state == PowerState(True, Power.ON, "cec"))


def test_a_switch_that_was_closed_asks_again_when_it_is_used_again(bench: Bench, wait_until: WaitUntil) -> None:
    bench.tool("cec")
    switch = bench.switch()
    for _ in range(2):
        switch.set(True)
        wait_until(lambda: switch.state.confirmed is Power.ON)
        switch.close()
    assert len([line for line in bench.log if "--image-view-on" in line]) == 2


def test_closing_waits_for_no_command_and_the_next_one_waits_for_that(
    bench: Bench, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A screen was unplugged in the middle of being asked: the loop that draws looks for it again, and speaks on."""
    monkeypatch.setattr(power, "COMMAND_S", 3600.0)
    gate = bench.folder / "gate"
    os.mkfifo(gate)
    bench.tool("cec", CEC.replace("*--standby*)", f"*--standby*) read go < {gate};"))
    switch = bench.switch()
    switch.set(False)
    wait_until(lambda: any("--standby" in line for line in bench.log))
    closing = threading.Thread(target=switch.close, daemon=True)
    closing.start()
    wait_until(lambda: not closing.is_alive())
    switch.set(True)
    opened: list[int] = []

    def open_gate() -> bool:
        with contextlib.suppress(OSError):  # nobody waits behind it yet, or any more
            opened.append(os.open(gate, os.O_WRONLY | os.O_NONBLOCK))
        return bool(opened)

    wait_until(open_gate)
    assert not any("--image-view-on" in line for line in bench.log)
    os.write(opened[0], b"go\n")
    os.close(opened[0])
    wait_until(lambda: switch.state.confirmed is Power.ON)


def test_a_screen_that_is_as_wished_is_only_looked_at(bench: Bench, wait_until: WaitUntil) -> None:
    bench.tool("cec")
    switch = bench.switch(look_s=0.02)
    switch.set(True)
    wait_until(lambda: len(bench.log) > 6)
    assert len([line for line in bench.log if "--image-view-on" in line]) == 1


def test_asking_waits_for_nobody_and_the_last_wish_counts(bench: Bench, wait_until: WaitUntil) -> None:
    gate = bench.folder / "gate"
    bench.tool("cec", f"while [ ! -e {gate} ]; do sleep 0.01; done\n{CEC}")
    switch = bench.switch()
    for on in (False, True, False, True):
        assert switch.set(on) is Power.UNKNOWN
    assert switch.state == PowerState(True)
    gate.touch()
    wait_until(lambda: switch.state == PowerState(True, Power.ON, "cec"))


def test_two_screens_that_differ_confirm_nothing() -> None:
    assert WAYS[2].read("HDMI-A-1 on\nHDMI-A-2 off\n") is Power.UNKNOWN
    assert WAYS[2].read("HDMI-A-1 off\nHDMI-A-2 off\n") is Power.OFF


@pytest.mark.parametrize(
    ("name", "ways"), [("auto", ["cec", "ddc", "wlopm", "xset"]), ("xset", ["xset"]), ("black", [])]
)
def test_a_way_can_be_chosen(name: str, ways: list[str]) -> None:
    assert [way.name for way in ways_named(name)] == ways


@pytest.mark.parametrize(
    ("said", "power"),
    [
        ("DPMS is Enabled\n  Monitor is On", Power.ON),
        ("DPMS is Enabled\n  Monitor is in Standby", Power.OFF),
        ("DPMS is Enabled\n  Monitor is in Suspend", Power.OFF),
        ("DPMS is Enabled\n  Monitor is Off", Power.OFF),
        ("DPMS is Enabled\n  Unrecognized response from server", Power.UNKNOWN),
        ("DPMS is Disabled", Power.UNKNOWN),
        ("Server does not have the DPMS Extension", Power.UNKNOWN),
    ],
)
def test_what_an_x_server_says_of_its_monitor(said: str, power: Power) -> None:
    (way,) = ways_named("xset")
    assert way.read(f"DPMS (Display Power Management Signaling):\n  {said}\n") is power


def test_an_x_server_is_kept_from_blanking_by_itself(bench: Bench, wait_until: WaitUntil) -> None:
    bench.tool("xset")
    switch = bench.switch()
    switch.set(True)
    wait_until(lambda: switch.state.confirmed is Power.ON)
    order = next(line for line in bench.log if "force on" in line)
    assert order.endswith("xset s off s noblank dpms 0 0 0 +dpms dpms force on")


def test_an_x_server_that_cannot_says_so_although_its_tool_ends_well(bench: Bench, wait_until: WaitUntil) -> None:
    bench.tool("xset", "echo 'server does not have extension for dpms option' >&2\necho usage >&2; exit 0")
    switch = bench.switch()
    switch.set(False)
    wait_until(lambda: switch.state.by == "black")
    assert switch.state == PowerState(
        False, Power.UNKNOWN, "black", "xset: server does not have extension for dpms option"
    )


@pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xset")), reason="Xvfb or xset is not installed")
def test_a_real_x_server_confirms_or_says_that_it_cannot(desktop: None, wait_until: WaitUntil) -> None:
    answer = subprocess.run(["xset", "q"], check=True, capture_output=True, text=True).stdout
    switch = PowerSwitch(ways_named("xset"), look_s=3600.0)
    switch.set(False)
    wait_until(lambda: switch.state.by != "")
    switch.close()
    if "Server does not have the DPMS Extension" in answer:
        assert (switch.state.by, switch.state.confirmed) == ("black", Power.UNKNOWN)
        assert switch.state.trouble.startswith("xset: server does not have extension")
    else:
        assert (switch.state.by, switch.state.confirmed) == ("xset", Power.OFF)


@pytest.mark.parametrize(("mode", "asked"), [("fullscreen", "off"), ("window", "")])
def test_by_itself_only_a_picture_that_fills_a_screen_switches_it(
    bench: Bench, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch, mode: str, asked: str
) -> None:
    bench.tool("xset")
    monkeypatch.setenv("DISPLAY", ":0")
    shown = Driver(64, 32, mode=mode)
    shown.set_power(False)
    if asked:
        wait_until(lambda: shown.health()["power"] == asked)
    shown.close()
    assert bool(bench.log) is bool(asked)


def test_the_panel_tells_in_its_health_what_was_asked_and_confirmed(bench: Bench, wait_until: WaitUntil) -> None:
    bench.tool("ddc")
    shown = panel.create("sdl", 64, 32, {"mode": "headless", "power": "ddc"})
    shown.open()
    assert shown.health()["power_asked"] == ""
    shown.set_power(False)
    wait_until(lambda: shown.health()["power"] == "off")
    assert (shown.health()["power_asked"], shown.health()["power_by"]) == ("off", "ddc")
    shown.close()
    wait_until(lambda: all(thread.name != "power" for thread in threading.enumerate()))


def test_a_headless_panel_leaves_the_screens_of_this_machine_alone(bench: Bench) -> None:
    bench.tool("ddc")
    shown = panel.create("sdl", 64, 32, {"mode": "headless"})
    shown.open()
    assert shown.set_power(False) is Power.UNKNOWN
    shown.close()
    assert not (bench.folder / "log").exists()
