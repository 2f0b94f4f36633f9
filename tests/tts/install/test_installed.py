"""A voice that was put here is there until it is removed, whatever became of its files."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tts.install.installed import (
    CURRENT,
    RECORD,
    BrokenVoice,
    FileFact,
    InstalledVoice,
    VoiceRecord,
    chosen_voice,
    installed_voices,
    placed_voice,
    placed_voices,
    to_json,
)


def record_of(name: str, model: str = "a", settings: str = "b", **more: str) -> VoiceRecord:
    return VoiceRecord(
        name=name, revision="1", language="vi", rate_hz=22_050, licence="CC0", attribution="thử", model="m",
        settings="s", files={"m": FileFact(1, model * 64), "s": FileFact(1, settings * 64)}, **more,
    )  # fmt: skip


def put(voices_dir: Path, name: str) -> Path:
    """A small voice under that name; the file of its record."""
    record = record_of(name)
    folder = voices_dir / name / record.short_hash
    folder.mkdir(parents=True)
    for file in record.files:
        (folder / file).write_bytes(b"x")
    (folder / RECORD).write_bytes(to_json(record))
    (folder.parent / CURRENT).symlink_to(folder.name)
    return folder / RECORD


def as_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def without_the_version(file: Path) -> None:
    for each in list(file.parent.iterdir()):
        each.unlink()
    file.parent.rmdir()


def test_whatever_sounds_otherwise_is_another_edition() -> None:
    """Clips are kept under it: one made with other settings must not be heard again."""
    others = [
        record_of("x"),
        record_of("x", model="c"),
        record_of("x", settings="c"),
        record_of("x", espeak_voice="vi"),
    ]
    assert len({record.edition for record in others}) == 4
    assert record_of("x", packing="int8").edition == record_of("y").edition


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda file: file.write_bytes(b""), "truncated"),
        (lambda file: file.write_bytes(file.read_bytes()[:-9]), "truncated"),
        (lambda file: file.write_bytes(b"\0" * 400), "malformed"),
        (lambda file: file.write_bytes(b'{"name": "\xff"}'), "utf-8"),
        (lambda file: file.write_bytes(b"{}"), "missing required field"),
        (lambda file: file.write_bytes(file.read_bytes().replace(b'"model": "m"', b'"model": "x"')), "not among"),
        (lambda file: file.unlink(), "No such file"),
        (as_folder, "Is a directory"),
        (without_the_version, "No such file"),
    ],
)
def test_a_record_that_cannot_be_read_makes_a_broken_voice(
    tmp_path: Path, harm: Callable[[Path], object], why: str
) -> None:
    harm(put(tmp_path, "thu"))
    broken = chosen_voice(tmp_path)
    assert isinstance(broken, BrokenVoice)
    assert broken.name == "thu"
    assert "giọng thu đã cài nhưng bị hỏng: không đọc được voice.json" in broken.fault().vi
    assert why in broken.fault().en
    assert installed_voices(tmp_path) == []


def test_it_is_chosen_before_the_next_one_and_by_its_name(tmp_path: Path) -> None:
    """Like a voice whose model is damaged: the one that was wanted is missed, none slips into its place unseen."""
    put(tmp_path, "an").write_bytes(b"")
    put(tmp_path, "binh")
    assert [type(voice) for voice in placed_voices(tmp_path)] == [BrokenVoice, InstalledVoice]
    assert isinstance(chosen_voice(tmp_path), BrokenVoice)
    assert isinstance(chosen_voice(tmp_path, "an"), BrokenVoice)
    assert isinstance(chosen_voice(tmp_path, "binh"), InstalledVoice)
    assert chosen_voice(tmp_path, "chi") is None


def test_what_nobody_installed_is_not_missed(tmp_path: Path) -> None:
    (tmp_path / "thu" / ".incoming-12345678").mkdir(parents=True)  # an installation that was cut off
    (tmp_path / ".lock").touch()
    assert placed_voices(tmp_path) == []
    assert placed_voices(tmp_path / "none") == []


def test_a_folder_that_may_not_be_looked_into_holds_a_broken_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an installation by root with a strict umask: root sees the voice and the agent does not."""
    put(tmp_path, "thu")

    def denied(*given: Any, **more: Any) -> Any:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as strict:
        strict.setattr("tts.install.installed.os.lstat", denied)
        strict.setattr(Path, "read_bytes", denied)
        broken = placed_voice(tmp_path / "thu")
    assert isinstance(broken, BrokenVoice)
    assert "không có quyền" in broken.fault().vi


@pytest.mark.parametrize(("data", "told"), [(b"xy", "m has 2 bytes, not 1"), (None, "m cannot be read: No such file")])
def test_a_file_of_another_length_is_a_fault_of_a_voice_that_is_known(
    tmp_path: Path, data: bytes | None, told: str
) -> None:
    model = put(tmp_path, "thu").with_name("m")
    model.unlink()
    if data is not None:
        model.write_bytes(data)
    (voice,) = installed_voices(tmp_path)
    fault = voice.fault()
    assert fault is not None
    assert told in fault.en
