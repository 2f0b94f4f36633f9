from __future__ import annotations

import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tts.install.installed import CURRENT, RECORD, VoiceRecord
from tts.voice_cli import voice

NAME = "en_US-joe-medium"
MANIFEST = Path(__file__).parent / "data" / "voices.yaml"


def run(voices_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(voice, ["--voices-dir", str(voices_dir), "--manifest", str(MANIFEST), *arguments])


def test_the_whole_way_of_a_real_voice(tmp_path: Path, joe: tuple[VoiceRecord, Path]) -> None:
    """From a folder, as from a USB stick: fetched, hashed, tried by speaking, listed, checked, removed."""
    before = run(tmp_path, "list").output
    assert "not installed" in before
    assert f"piper: chưa cài giọng Piper nào trong {tmp_path} / no Piper voice is installed in {tmp_path}" in before

    done = run(tmp_path, "install", NAME, "--from", str(joe[1]))
    assert done.exit_code == 0, done.output
    assert f"Đã cài giọng {NAME} vào {tmp_path}" in done.output
    assert f"{NAME} is installed" in done.output
    assert "CC0-1.0" in done.output

    listed = run(tmp_path, "list").output
    assert f"{NAME}\tvi\t22050 Hz\tđã cài / installed, 58afce03\tCC0-1.0\n" in listed
    assert f"piper: sẵn sàng / ready, piper:{NAME}@58afce03" in listed
    assert f"Máy này đọc bằng piper:{NAME}@58afce03" in listed
    assert run(tmp_path, "check").output == f"{NAME}: tốt / sound\n"
    gone = run(tmp_path, "remove", NAME).output
    assert f"Đã gỡ giọng {NAME}\n{NAME} is removed\n" in gone
    assert "piper" not in gone
    none = f"Chưa cài giọng nào trong {tmp_path}\nno voice is installed in {tmp_path}\n"
    assert run(tmp_path, "check").output == none


def test_a_voice_that_root_installs_with_a_strict_umask_is_readable_by_the_agent(
    tmp_path: Path, joe: tuple[VoiceRecord, Path]
) -> None:
    before = os.umask(0o077)
    try:
        assert run(tmp_path / "voices", "install", NAME, "--from", str(joe[1])).exit_code == 0
    finally:
        os.umask(before)
    for path in (tmp_path / "voices", *(tmp_path / "voices").rglob("*")):
        assert path.stat().st_mode & 0o044 == 0o044, path
        assert not path.is_dir() or path.stat().st_mode & 0o011 == 0o011, path


@pytest.mark.parametrize("torn", [b"", b'{"name": "en_US-jo'])
def test_a_voice_whose_record_is_torn_is_installed_and_broken(voices_dir: Path, torn: bytes) -> None:
    (voices_dir / NAME / CURRENT / RECORD).write_bytes(torn)
    listed = run(voices_dir, "list").output
    assert f"{NAME}\tvi\t22050 Hz\tđã cài nhưng bị hỏng / installed but broken\t" in listed
    assert f"  ! hãy cài lại: bangtin voice install {NAME} --from" in listed
    assert "not installed" not in listed
    unknown = CliRunner().invoke(voice, ["--voices-dir", str(voices_dir), "list"]).output
    assert f"{NAME}\t?\t?\tđã cài nhưng bị hỏng / installed but broken\t?\n" in unknown

    checked = run(voices_dir, "check")
    assert checked.exit_code == 1
    assert f"{NAME}: không dùng được / not fit for use\n" in checked.output
    assert f"  ! install it again: bangtin voice install {NAME} --from" in checked.output
    packed = run(voices_dir, "pack", NAME)
    assert packed.exit_code == 1
    assert "voice.json cannot be read" in packed.output
    assert run(voices_dir, "remove", NAME).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("install", "en_US-jo-medium", "--from", "/"), f"did you mean '{NAME}'"),
        (("install", NAME, "--from", "/nonexistent"), "the folder /nonexistent is not there"),
        (("install", NAME, "--from", "ftp://x"), "neither a folder nor an address"),
        (("install", "vi", "--from", "/"), f"no voice 'vi' in the manifest. Known are {NAME}"),
        (("install", NAME), "còn thiếu '--from'\nMissing option '--from'"),
        (("instal", NAME), "No such command 'instal'"),
        (("list", "--colour"), "không có tuỳ chọn '--colour'\nNo such option"),
        (("pack", NAME), "is not installed"),
        (("remove", NAME), "is not installed"),
        (("check", NAME), "is not installed"),
    ],
)
def test_what_cannot_be_done_is_said_and_fails(tmp_path: Path, arguments: tuple[str, ...], reason: str) -> None:
    result = run(tmp_path, *arguments)
    assert result.exit_code != 0
    assert reason in result.output
    vietnamese, english = result.output.splitlines()[-2:]
    assert not vietnamese.isascii()
    assert english.isascii()


@pytest.mark.parametrize("command", ["", *voice.commands])
def test_the_help_speaks_vietnamese_first(tmp_path: Path, command: str) -> None:
    meant = voice.commands[command] if command else voice
    assert meant.help is not None
    vietnamese, *_, english = meant.help.split("\n\n")
    assert not vietnamese.isascii()
    assert english.isascii()
    shown = run(tmp_path, *filter(None, (command, "--help"))).output
    assert " ".join(vietnamese.split()) in " ".join(shown.split())
    for option in (option for option in meant.params if isinstance(option, click.Option)):
        assert option.help is not None
        first, _, second = option.help.partition(" / ")
        assert not first.isascii()
        assert second.isascii()
        assert second


def test_without_a_command_the_help_is_shown_and_nothing_is_blamed() -> None:
    result = CliRunner().invoke(voice, [])
    assert "Liệt kê, cài, nén" in result.output
    assert "Error" not in result.output


def test_the_built_in_list_says_what_to_be_careful_about(tmp_path: Path) -> None:
    result = CliRunner().invoke(voice, ["--voices-dir", str(tmp_path), "list"])
    assert "vi_VN-vais1000-medium" in result.output
    assert "lưu ý / caveat: Bản ghi âm" in result.output


def test_a_manifest_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(voice, ["--manifest", str(tmp_path / "none.yaml"), "list"])
    assert result.exit_code == 1
    assert f"không đọc được danh mục giọng {tmp_path / 'none.yaml'}" in result.output
