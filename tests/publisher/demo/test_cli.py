"""`bangtin demo` on the command line: its choices, its summary, and one line when it cannot go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from publisher.demo import cli, live
from publisher.demo.children import DemoError
from publisher.demo.once import STEPS

REPORT: dict[str, Any] = {
    "steps": {name: {step: number for number, step in enumerate(STEPS)} for name in ("hdmi", "led")},
    "pages": {"led": ["led-001.png"], "hdmi": ["hdmi-001.png", "hdmi-002.png"]},
}


def test_the_summary_has_a_line_a_screen(tmp_path: Path) -> None:
    lines = cli.summary(REPORT, Path("out")).splitlines()
    assert lines[0].split() == [*STEPS, "ms"]
    assert lines[1].split() == ["hdmi", *(str(number) for number in range(8))]
    assert "hdmi: 2 trang / pages" in lines
    assert lines[-1] == "out/speech.wav, out/report.json"


def test_one_file_is_published_and_summed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def publish(*given: Any) -> dict[str, Any]:
        asked.extend(given)
        return REPORT

    monkeypatch.setattr(cli, "publish_once", publish)
    run = CliRunner().invoke(cli.demo, ["--once", "tin.txt", "--out", str(tmp_path)])
    assert run.exit_code == 0
    assert asked[:3] == [Path("tin.txt"), None, tmp_path]
    assert run.stdout == cli.summary(REPORT, tmp_path) + "\n"


def test_without_a_file_the_demo_stays_in_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(live, "run", lambda *given: asked.extend(given))
    assert CliRunner().invoke(cli.demo, ["--dir", str(tmp_path), "--port", "8123"]).exit_code == 0
    assert asked == [tmp_path, 8123]


def test_what_cannot_go_on_is_one_line_and_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise DemoError("Thiếu mosquitto. / Mosquitto is missing.")

    monkeypatch.setattr(live, "run", fail)
    run = CliRunner().invoke(cli.demo, [])
    assert run.exit_code == 1
    assert run.stderr == "Error: Thiếu mosquitto. / Mosquitto is missing.\n"


def test_a_picture_that_is_not_there_is_refused_before_anything_starts(tmp_path: Path) -> None:
    run = CliRunner().invoke(cli.demo, ["--once", "tin.txt", "--image", str(tmp_path / "none.jpg")])
    assert run.exit_code == 2
    assert "none.jpg" in run.stderr
