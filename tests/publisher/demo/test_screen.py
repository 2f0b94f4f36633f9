"""A virtual screen's folder: a configuration the agent and player accept, its identity, its clock, its status."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from config.loader import load_screen
from publisher.demo.screen import HDMI, LED, VirtualScreen

URL = "http://127.0.0.1:8123"


def screen_of(folder: Path, spec: object = HDMI, *, file_clock: bool = False) -> VirtualScreen:
    screen = VirtualScreen(spec, folder, URL, file_clock=file_clock)  # type: ignore[arg-type]
    screen.configure()
    return screen


def test_its_configuration_is_one_that_a_screen_accepts(tmp_path: Path) -> None:
    screen = screen_of(tmp_path)
    settings = load_screen(screen.config)
    assert settings.publisher.url == URL
    assert settings.clock == "trusted"
    assert (settings.panel.driver, settings.panel.width_px, settings.panel.height_px) == ("memory", 1920, 1080)
    assert settings.panel.options == {"export": str(screen.export)}
    assert (settings.state_dir, settings.run_dir) == (screen.state_dir, screen.run_dir)
    assert screen.state_dir.is_dir()
    assert screen.run_dir.is_dir()


def test_only_the_memory_panel_is_exported(tmp_path: Path) -> None:
    spec = replace(LED, driver="emulator", options={"pixel_size": 4})
    assert load_screen(screen_of(tmp_path, spec).config).panel.options == {"pixel_size": 4}


def test_a_wav_speaker_leaves_its_sound_in_the_run_folder(tmp_path: Path) -> None:
    screen = screen_of(tmp_path, replace(HDMI, speaker="wav"))
    assert load_screen(screen.config).speaker.options == {"folder": str(screen.sound_dir)}
    assert HDMI.speaker_options == {}


def test_it_is_claimed_once_it_has_an_identity(tmp_path: Path) -> None:
    screen = screen_of(tmp_path)
    assert not screen.claimed
    (screen.state_dir / "identity.json").write_text(json.dumps({"answer": {"screen": "s-abc123"}}))
    assert screen.claimed
    assert screen.identity == "s-abc123"


def test_its_clock_is_a_file_only_if_asked_for(tmp_path: Path) -> None:
    by_hand = screen_of(tmp_path / "a", file_clock=True)
    assert by_hand.clock_file is not None
    first = by_hand.clock_file.read_text()
    by_hand.set_clock("2026-11-23T00:00:00+00:00")
    assert by_hand.clock_file.read_text() == "2026-11-23T00:00:00+00:00" != first
    with pytest.raises(ValueError, match="led has no file clock"):
        screen_of(tmp_path / "b", LED).set_clock("2026-11-23T00:00:00+00:00")


def test_its_status_is_empty_until_the_player_has_spoken(tmp_path: Path) -> None:
    screen = screen_of(tmp_path)
    assert screen.status() == {}
    (screen.run_dir / "player.json").write_text("{half of")
    assert screen.status() == {}
    (screen.run_dir / "player.json").write_text('{"pid": 7}')
    assert screen.status() == {"pid": 7}
