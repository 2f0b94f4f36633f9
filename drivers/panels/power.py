"""Switching a screen on and off, and what can be known about it: asked is one thing, confirmed another.

A screen is asked over the HDMI cable (CEC), over its data channel (DDC), or by whoever drives the output
(DPMS): a Wayland compositor or an X server. A way whose tool is missing or fails gives room to the next. Where
there is none the picture is black, which the player draws anyway. That is all there is without a desktop
(KMSDRM) when the screen hears neither CEC nor DDC: the kernel's `dpms` file is read-only, only the DRM master
may switch an output, and the master is the player's own SDL, which has no call for it.

The commands run in a thread of their own: some take seconds.
"""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from drivers.panel import Power

log = logging.getLogger(__name__)

LOOK_S: Final = 60.0  # somebody may have used the remote control
COMMAND_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class Way:
    """One way to switch: the commands, and where their answer says how the screen is. `words` maps it to a Power.

    `refusal` is how the tool says that nothing was done and yet ends well.
    """

    name: str
    on: tuple[str, ...]
    off: tuple[str, ...]
    look: tuple[str, ...]
    answer: str
    words: Mapping[str, Power]
    refusal: str = ""

    def read(self, output: str) -> Power:
        found = re.findall(self.answer, output, re.MULTILINE)
        known = {self.words.get(word, Power.UNKNOWN) for word in found}
        return known.pop() if len(known) == 1 else Power.UNKNOWN


_CEC: Final = ("cec-ctl", "--skip-info", "--playback", "--to", "0")
# No timeouts and no screen saver: X is to blank when it is told, never by itself.
_XSET: Final = ("xset", "s", "off", "s", "noblank", "dpms", "0", "0", "0", "+dpms", "dpms", "force")
WAYS: Final = (
    Way(
        "cec", (*_CEC, "--image-view-on"), (*_CEC, "--standby"), (*_CEC, "--give-device-power-status"),
        r"pwr-state: ([a-z-]+)",
        {"on": Power.ON, "to-on": Power.ON, "standby": Power.OFF, "to-standby": Power.OFF},
    ),
    Way(  # MCCS: D6 is the power mode, 1 on, 4 off by software; the link stays
        "ddc", ("ddcutil", "setvcp", "D6", "1", "--noverify"), ("ddcutil", "setvcp", "D6", "4", "--noverify"),
        ("ddcutil", "getvcp", "D6", "--terse"), r"^VCP D6 SNC x0?([0-9a-f])",
        {"1": Power.ON, "2": Power.OFF, "3": Power.OFF, "4": Power.OFF, "5": Power.OFF},
    ),
    Way(
        "wlopm", ("wlopm", "--on", "*"), ("wlopm", "--off", "*"), ("wlopm",), r"^\S+ (on|off)$",
        {"on": Power.ON, "off": Power.OFF},
    ),
    Way(  # while DPMS is disabled the server says nothing of the monitor
        "xset", (*_XSET, "on"), (*_XSET, "off"), ("xset", "q"), r"^ *Monitor is (On|Off|in Standby|in Suspend)$",
        {"On": Power.ON, "in Standby": Power.OFF, "in Suspend": Power.OFF, "Off": Power.OFF},
        refusal=r"^server does not have .*",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PowerState:
    """`asked` is None before anybody asked; `by` is the way that took the order, "black" where there is none."""

    asked: bool | None = None
    confirmed: Power = Power.UNKNOWN
    by: str = ""
    trouble: str = ""


class PowerSwitch:
    """`set` returns at once; `state` is what is known by now. `close` asks nothing any more.

    Neither waits for a command under way, nor does one begin before the one ahead has ended, closed or not: who
    loses a screen is a loop that draws and speaks, and a tool may take long to find that it is gone.
    """

    def __init__(self, ways: Sequence[Way] = WAYS, look_s: float = LOOK_S) -> None:
        self._ways = ways
        self._look_s = look_s
        self._wanted: bool | None = None
        self._news = threading.Event()
        self._closed: threading.Event | None = None  # of the thread at work; None: there is none
        self._thread: threading.Thread | None = None  # the last one, which may still be at its last command
        self.state = PowerState()

    def set(self, on: bool) -> Power:
        """Asks; what was confirmed of this very wish by now comes back, in general nothing yet."""
        if on != self._wanted:
            self._wanted = on
            self.state = PowerState(on)
            self._news.set()
            if self._closed is None:
                self._closed = threading.Event()
                work = (self._closed, self._thread)
                self._thread = threading.Thread(target=self._run, args=work, name="power", daemon=True)
                self._thread.start()
        return self.state.confirmed

    def close(self) -> None:
        """May be called twice, and `set` again afterwards."""
        self._wanted = None
        if self._closed is not None:
            self._closed.set()
            self._closed = None
            self._news.set()

    def _run(self, closed: threading.Event, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        while True:
            self._news.clear()
            if closed.is_set():  # looked at after the clearing: else a close in between would be slept through
                return
            wanted = self._wanted
            if wanted is not None:
                self._converge(wanted)
            self._news.wait(self._look_s)

    def _converge(self, on: bool) -> None:
        """Asks unless the screen says that it is so already, and hears what it says then."""
        before = self.state
        after = self._looked(before)
        if after.confirmed is not (Power.ON if on else Power.OFF):
            after = self._looked(self._asked(on))
        if self._wanted is not on:
            return  # another wish came meanwhile
        if (after.by, after.trouble, after.confirmed) != (before.by, before.trouble, before.confirmed):
            log.info(
                "the screen was asked to be %s by %s, it says: %s", "on" if on else "off", after.by, after.confirmed
            )
        self.state = after

    def _asked(self, on: bool) -> PowerState:
        troubles = []
        for way in self._ways:
            if shutil.which(way.look[0]) is None:
                continue
            trouble, _ = _run_command(way.on if on else way.off, way.refusal)
            if not trouble:
                return PowerState(on, by=way.name)
            troubles.append(f"{way.name}: {trouble}")
        return PowerState(on, by="black", trouble="; ".join(troubles))

    def _looked(self, state: PowerState) -> PowerState:
        way = next((way for way in self._ways if way.name == state.by), None)
        if way is None:
            return state
        trouble, output = _run_command(way.look)
        return replace(state, confirmed=Power.UNKNOWN if trouble else way.read(output))


def ways_named(name: str) -> Sequence[Way]:
    """The ways an option value stands for: "auto" all in their order, "black" none, else the one of that name."""
    return WAYS if name == "auto" else tuple(way for way in WAYS if way.name == name)


def _run_command(command: Sequence[str], refusal: str = "") -> tuple[str, str]:
    """(what went wrong or nothing, output); a line that matches `refusal` went wrong, whatever the exit status."""
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, errors="replace", timeout=COMMAND_S,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"no answer within {COMMAND_S:g} s", ""
    except OSError as exc:
        return exc.strerror or str(exc), ""
    words = (done.stderr or done.stdout).strip()
    refused = re.search(refusal, words, re.MULTILINE) if refusal else None
    if refused is not None:
        return refused[0], done.stdout
    return "" if done.returncode == 0 else (words.splitlines() or [f"exit status {done.returncode}"])[-1], done.stdout
