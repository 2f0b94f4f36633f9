"""An int8 copy of a real voice: smaller, speaking, and by numbers like the one it was made from."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from tts.engines.piper import VoicePiper
from tts.install.installed import CURRENT, RECORD, VoiceRecord, installed_voices, read_voice
from tts.packing import packer
from tts.packing.likeness import Likeness
from tts.packing.packer import MANIFEST, pack_int8
from tts.voice import VoiceError
from tts.voice_cli import voice

needs_onnx = pytest.mark.skipif(importlib.util.find_spec("onnx") is None, reason="the package onnx is not installed")
NAME = "en_US-joe-medium"


def run(voices_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(voice, ["--voices-dir", str(voices_dir), *arguments])


@needs_onnx
def test_a_packed_voice_is_carried_to_a_board_and_speaks(tmp_path: Path, voices_dir: Path) -> None:
    done = run(voices_dir, "pack", NAME, "--to", str(tmp_path / "stick"))
    assert done.exit_code == 0, done.output
    assert "So với bản gốc: độ dài lệch " in done.output
    assert "compared with the original: length " in done.output
    manifest = tmp_path / "stick" / MANIFEST
    assert yaml.safe_load(manifest.read_text())[NAME]["packing"] == "int8"

    board = tmp_path / "board"
    put = run(board, "--manifest", str(manifest), "install", NAME, "--from", str(tmp_path / "stick"))
    assert put.exit_code == 0, put.output
    spoken = VoicePiper(board)
    try:
        chunks = list(spoken.speak("Kính thưa bà con.", "vi"))
    finally:
        spoken.close()
    assert len(chunks[0].pcm) > 20_000
    assert run(board, "check", NAME).output == f"{NAME}: tốt / sound\n"


@needs_onnx
def test_packed_on_the_spot_it_is_spoken_with_and_the_original_kept(voices_dir: Path) -> None:
    before = VoicePiper(voices_dir).id
    done = run(voices_dir, "pack", NAME)
    assert done.exit_code == 0, done.output
    (now,) = installed_voices(voices_dir)
    assert now.record.packing == "int8"
    assert now.model.stat().st_size < 20_000_000
    assert VoicePiper(voices_dir).id != before
    folders = [path for path in (voices_dir / NAME).iterdir() if path.is_dir() and path.name != CURRENT]
    assert len(folders) == 2

    again = run(voices_dir, "pack", NAME)
    assert again.exit_code == 1
    assert "is packed already (int8)" in again.output


@needs_onnx
def test_installed_and_packed_in_one_go(tmp_path: Path, joe: tuple[VoiceRecord, Path]) -> None:
    manifest = Path(__file__).parents[1] / "data" / "voices.yaml"
    done = run(tmp_path, "--manifest", str(manifest), "install", NAME, "--from", str(joe[1]), "--int8")
    assert done.exit_code == 0, done.output
    assert read_voice(tmp_path / NAME / CURRENT).record.packing == "int8"


@needs_onnx
def test_a_voice_that_is_no_model_is_not_packed(tmp_path: Path, voices_dir: Path) -> None:
    (found,) = installed_voices(voices_dir)
    found.model.unlink()
    found.model.write_bytes(b"not a model")
    with pytest.raises(VoiceError, match=r"en_US-joe-medium\.onnx cannot be packed"):
        pack_int8(found, tmp_path / "out")


@needs_onnx
def test_a_copy_that_sounds_different_is_refused(
    tmp_path: Path, voices_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = importlib.import_module("tts.packing.pack_worker")
    monkeypatch.setattr(worker, "quantize_dynamic", lambda model, copy, weight_type: shutil.copyfile(model, copy))
    monkeypatch.setattr(worker, "compare", lambda original, packed: Likeness(0.01, 0.1, 2.5))
    with pytest.raises(VoiceError, match=r"does not sound like en_US-joe-medium: its pitch is off by 2\.50 semitones"):
        worker.pack(voices_dir / NAME / CURRENT, tmp_path)


def test_without_the_library_the_way_to_it_is_told(
    tmp_path: Path, voices_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (found,) = installed_voices(voices_dir)
    with pytest.raises(VoiceError, match=r"needs the package onnx: pip install 'bangtin\[voices\]'"):
        pack_int8(found, tmp_path / "out")


def test_a_worker_that_dies_is_told_by_its_last_word(
    tmp_path: Path, voices_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: "here")
    monkeypatch.setattr(packer, "python_module", lambda *_: ("sh", "-c", "echo no memory left >&2; exit 9"))
    (found,) = installed_voices(voices_dir)
    with pytest.raises(VoiceError, match="packing ended with status 9: no memory left"):
        pack_int8(found, tmp_path / "out")


def test_a_voice_that_is_not_there_is_not_packed(tmp_path: Path) -> None:
    result = run(tmp_path, "pack", NAME)
    assert result.exit_code == 1
    assert f"the voice '{NAME}' is not installed" in result.output
    assert not list(tmp_path.rglob(RECORD))
