"""What this machine can show and play, and which screens the demo therefore hangs up."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from publisher.demo.screen import HDMI, LED, ScreenSpec

PROBE_LIMIT_S: Final = 10.0
PROBE: Final = "import pygame; pygame.display.init(); pygame.display.set_mode((32, 32))"


@dataclass(frozen=True, slots=True)
class Host:
    """`ssh` is the server's address as the person at the other end knows it; empty on a machine of one's own."""

    window: bool
    sound: bool
    emulator: bool
    ssh: str = ""

    @classmethod
    def look(cls, environ: Mapping[str, str], root: Path = Path("/")) -> Host:
        """The machine with this environment. A DISPLAY that was left over is tried before it is believed."""
        return cls(
            window=has_desktop(environ) and opens_a_window(environ),
            sound=has_sound(environ, root),
            emulator=importlib.util.find_spec("RGBMatrixEmulator") is not None,
            ssh=ssh_server(environ),
        )


def screens(host: Host) -> tuple[ScreenSpec, ScreenSpec]:
    """The HDMI and the LED screen as this machine can have them: what it cannot show, the browser does."""
    hdmi, led = HDMI, LED
    if host.window:
        hdmi = replace(hdmi, driver="sdl", options={"mode": "window", "title": HDMI.label})
    if host.sound:
        hdmi = replace(hdmi, speaker="sdl")  # only one of them: two would speak over each other
    if host.emulator:
        led = replace(led, driver="emulator")
    return hdmi, led


def has_desktop(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def opens_a_window(environ: Mapping[str, str], probe: str = PROBE) -> bool:
    """Whether SDL can open a window there, tried in a process of its own."""
    try:
        run = subprocess.run(
            [sys.executable, "-c", probe], env=dict(environ), capture_output=True, check=False, timeout=PROBE_LIMIT_S
        )
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def has_sound(environ: Mapping[str, str], root: Path = Path("/")) -> bool:
    """A sound card of the kernel, or a sound server of the user."""
    if environ.get("PULSE_SERVER"):
        return True
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    servers = [root / runtime.lstrip("/") / name for name in ("pulse/native", "pipewire-0")] if runtime else []
    return any(server.exists() for server in servers) or any((root / "sys/class/sound").glob("card[0-9]*"))


def ssh_server(environ: Mapping[str, str]) -> str:
    """This machine's address in SSH_CONNECTION (client, port, server, port); empty without SSH."""
    words = environ.get("SSH_CONNECTION", "").split()
    if not words:
        return ""
    return words[2] if len(words) > 2 else "HOST"
