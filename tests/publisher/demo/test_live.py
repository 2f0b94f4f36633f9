"""What the demo that stays tells the person who started it, and when it ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.demo import live
from publisher.demo.children import DemoError
from publisher.demo.commune import Account, Commune
from publisher.demo.host import Host
from publisher.demo.screen import LED, VirtualScreen

BARE = Host(window=False, sound=False, emulator=False)
END = "import sys; sys.exit({})"


@pytest.fixture
def commune(tmp_path: Path) -> Iterator[Commune]:
    """A commune that was never started, with one person and an LED screen."""
    place = Commune(tmp_path, (), lambda line: None)
    place.url = "http://127.0.0.1:8123"
    (tmp_path / "accounts.json").write_text(json.dumps([Account("soan", "ab-cd", "Nguyễn Thị Soạn", "writer")]))
    place.screens["led"] = VirtualScreen(LED, tmp_path / "led", place.url)
    place.screens["led"].configure()
    yield place
    place.children.stop_all()


def panel(commune: Commune, url: str) -> None:
    (commune.screens["led"].run_dir / "player.json").write_text(json.dumps({"panel": {"url": url}}))


def test_it_says_what_to_open_and_who_to_be(commune: Commune) -> None:
    said = live.welcome(commune, BARE)
    assert "open in a browser:   http://127.0.0.1:8123\n" in said
    assert "soan     ab-cd   Nguyễn Thị Soạn (writer)" in said
    assert "ssh" not in said
    assert "the LED board" not in said
    assert "Nghe thử" in said


def test_with_a_sound_device_nothing_is_said_about_listening_elsewhere(commune: Commune) -> None:
    assert "Nghe thử" not in live.welcome(commune, Host(window=False, sound=True, emulator=False))


def test_over_ssh_one_line_brings_both_pages(commune: Commune) -> None:
    panel(commune, "http://127.0.0.1:9001/")
    said = live.welcome(commune, Host(window=False, sound=False, emulator=True, ssh="192.168.1.5"))
    assert "the LED board:             http://127.0.0.1:9001/" in said
    assert "ssh -L 8123:127.0.0.1:8123 -L 9001:127.0.0.1:9001 192.168.1.5" in said


def test_it_stays_until_a_window_is_closed(commune: Commune, capsys: pytest.CaptureFixture[str]) -> None:
    commune.children.start("led-player", [sys.executable, "-c", END.format(0)])
    live.stay(commune)
    assert "The screen's window was closed." in capsys.readouterr().err


def test_a_process_that_fails_ends_it_with_its_name(commune: Commune) -> None:
    commune.children.start("led-player", [sys.executable, "-c", END.format(3)])
    with pytest.raises(DemoError, match="led-player ended with 3"):
        live.stay(commune)


def test_ctrl_c_is_a_clean_end(
    commune: Commune, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commune.children, "check", interrupt)
    live.stay(commune)
    assert "stopping" in capsys.readouterr().err
