"""One virtual screen: its folders, its configuration, and its two processes, the same that run on a Raspberry Pi."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from publisher.demo.children import Children, DemoError


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """What hangs on the wall. `options` go to the panel's driver."""

    name: str
    label: str
    width_px: int
    height_px: int
    kind: str
    driver: str = "memory"
    options: dict[str, Any] = field(default_factory=dict)
    speaker: str = "silent"
    speaker_options: dict[str, Any] = field(default_factory=dict)


HDMI = ScreenSpec("hdmi", "Bảng HDMI trước trụ sở", 1920, 1080, "hdmi")
LED = ScreenSpec("led", "Bảng LED ngoài chợ", 192, 96, "led")


class VirtualScreen:
    """A screen in a folder of its own. Claimed once; its state stays there."""

    def __init__(self, spec: ScreenSpec, root: Path, publisher_url: str, *, file_clock: bool = False) -> None:
        self.spec = spec
        self.state_dir = root / "state"
        self.run_dir = root / "run"
        self.config = root / "screen.yaml"
        self.export = self.run_dir / "panel.frame"
        self.clock_file = root / "clock" if file_clock else None
        self._url = publisher_url

    @property
    def sound_dir(self) -> Path:
        """Where a `wav` speaker leaves what it played."""
        return self.run_dir / "sound"

    @property
    def identity(self) -> str:
        """The screen's id, known once it is claimed."""
        return str(json.loads((self.state_dir / "identity.json").read_text("utf-8"))["answer"]["screen"])

    @property
    def claimed(self) -> bool:
        return (self.state_dir / "identity.json").is_file()

    def status(self) -> dict[str, Any]:
        """The player's own word on itself; empty before it has said anything."""
        try:
            found: dict[str, Any] = json.loads((self.run_dir / "player.json").read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def configure(self) -> None:
        """Makes the folders, screen.yaml and, for a player with a file clock, the clock."""
        for folder in (self.state_dir, self.run_dir):
            folder.mkdir(parents=True, exist_ok=True)
        if self.clock_file is not None:
            self.set_clock(datetime.now(UTC).isoformat())
        self._write_config()

    def _write_config(self) -> None:
        """The clock is declared trusted, as this machine keeps its own time."""
        spec = self.spec
        options, speaker_options = dict(spec.options), dict(spec.speaker_options)
        if spec.speaker == "wav":
            speaker_options["folder"] = str(self.sound_dir)
        if spec.driver == "memory":
            options["export"] = str(self.export)
        settings = {
            "publisher": {"url": self._url},
            "state_dir": str(self.state_dir),
            "run_dir": str(self.run_dir),
            "clock": "trusted",
            "panel": {
                "driver": spec.driver,
                "width_px": spec.width_px,
                "height_px": spec.height_px,
                "kind": spec.kind,
                "options": options,
            },
            "speaker": {"driver": spec.speaker, "options": speaker_options},
            "health_interval_s": 10,
        }
        self.config.write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")

    def claim(self, code: str) -> None:
        """The installer's step. Raises DemoError with what the agent said."""
        argv = [sys.executable, "-m", "bangtin", "agent", "claim"]
        argv += ["--publisher", self._url, "--code", code, "--config", str(self.config)]
        run = subprocess.run(argv, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise DemoError(f"{self.spec.label}: {run.stderr.strip() or run.stdout.strip()}")

    def follow(self, publisher_url: str, children: Children) -> None:
        """The publisher answers at `publisher_url` from now on: an agent that asks elsewhere starts anew."""
        if publisher_url == self._url:
            return
        self._url = publisher_url
        self._write_config()
        if (agent := f"{self.spec.name}-agent") in children.names:
            children.stop(agent)
            self.start_agent(children)

    def start(self, children: Children) -> None:
        self.start_player(children)
        self.start_agent(children)

    def start_agent(self, children: Children) -> None:
        children.start(f"{self.spec.name}-agent", [sys.executable, "-m", "agent", "--config", str(self.config)])

    def start_player(self, children: Children) -> None:
        argv = [sys.executable, "-m", "player", "--config", str(self.config)]
        if self.clock_file is not None:
            argv += ["--clock-file", str(self.clock_file)]
        children.start(f"{self.spec.name}-player", argv, {"PYGAME_HIDE_SUPPORT_PROMPT": "1"})

    def set_clock(self, instant: str) -> None:
        """The instant a player with a file clock lives in, as RFC 3339; renamed into place."""
        if self.clock_file is None:
            raise ValueError(f"{self.spec.name} has no file clock")
        fresh = self.clock_file.with_suffix(".new")
        fresh.write_text(instant, "ascii")
        os.replace(fresh, self.clock_file)
