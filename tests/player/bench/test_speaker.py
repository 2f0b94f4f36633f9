"""The measurement of loudspeakers: one object, all drivers, figures that can be."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from player.bench.speaker import command


def test_every_driver_with_a_device_is_measured() -> None:
    done = CliRunner().invoke(command)
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert set(figures) == {"start_to_sound_ms", "mixing_ms"}
    starts = figures["start_to_sound_ms"]
    assert set(starts) == {"sdl", "alsa", "wav"}
    measured = [name for name in starts if name != "alsa" or shutil.which("aplay")]
    assert all(0 < starts[name]["value"] < 5000 and starts[name]["n"] == 15 for name in measured)
    assert 0 < figures["mixing_ms"]["value"] < 1000


def test_a_machine_without_aplay_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("player.bench.speaker.shutil.which", lambda name: None)
    figures = json.loads(CliRunner().invoke(command, ["--only", "start_to_sound_ms"]).stdout)
    assert list(figures) == ["start_to_sound_ms"]
    assert figures["start_to_sound_ms"]["alsa"] == {"not_measured": "aplay is not installed"}
