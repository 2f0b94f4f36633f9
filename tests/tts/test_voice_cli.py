from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tts.install.installed import VoiceRecord
from tts.voice_cli import voice

NAME = "en_US-joe-medium"
MANIFEST = Path(__file__).parent / "data" / "voices.yaml"


def run(voices_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(voice, ["--voices-dir", str(voices_dir), "--manifest", str(MANIFEST), *arguments])


def test_the_whole_way_of_a_real_voice(tmp_path: Path, joe: tuple[VoiceRecord, Path]) -> None:
    """From a folder, as from a USB stick: fetched, hashed, tried by speaking, listed, checked, removed."""
    before = run(tmp_path, "list").output
    assert "not installed" in before
    assert "piper: no Piper voice is installed" in before

    done = run(tmp_path, "install", NAME, "--from", str(joe[1]))
    assert done.exit_code == 0, done.output
    assert f"{NAME} is installed" in done.output
    assert "CC0-1.0" in done.output

    assert f"piper: ready, piper:{NAME}@58afce03" in run(tmp_path, "list").output
    assert run(tmp_path, "check").output == f"{NAME}: sound\n"
    assert run(tmp_path, "remove", NAME).output == f"{NAME} is removed\n"
    assert run(tmp_path, "check").output == f"no voice is installed in {tmp_path}\n"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("install", "en_US-jo-medium", "--from", "/"), f"did you mean '{NAME}'"),
        (("install", NAME, "--from", "/nonexistent"), "the folder /nonexistent is not there"),
        (("install", NAME, "--from", "ftp://x"), "neither a folder nor an address"),
        (("install", "vi", "--from", "/"), f"no voice 'vi' in the manifest. Known are {NAME}"),
        (("install", NAME), "Missing option '--from'"),
        (("remove", NAME), "is not installed"),
        (("check", NAME), "is not installed"),
    ],
)
def test_what_cannot_be_done_is_said_and_fails(tmp_path: Path, arguments: tuple[str, ...], reason: str) -> None:
    result = run(tmp_path, *arguments)
    assert result.exit_code != 0
    assert reason in result.output


def test_the_built_in_list_says_what_to_be_careful_about(tmp_path: Path) -> None:
    result = CliRunner().invoke(voice, ["--voices-dir", str(tmp_path), "list"])
    assert "vi_VN-vais1000-medium" in result.output
    assert "caveat: " in result.output


def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(voice, ["--manifest", str(tmp_path / "none.yaml"), "list"])
    assert result.exit_code == 1
    assert "none.yaml" in result.output
