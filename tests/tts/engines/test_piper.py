from __future__ import annotations

import hashlib
import json
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tts.bilingual import reason
from tts.engines.pieces import Piece
from tts.engines.piper import Limits, VoicePiper, try_voice
from tts.engines.silent import VoiceSilent
from tts.engines.worklink import Patience, Worker
from tts.install.installed import RECORD, VoiceRecord
from tts.voice import RATE_HZ, Chunk, VoiceError
from tts.voices import willing

NAME = "en_US-joe-medium"


@pytest.fixture
def piper(voices_dir: Path) -> Iterator[VoicePiper]:
    voice = VoicePiper(voices_dir, limits=Limits(threads=1))
    yield voice
    voice.close()


def folder_of(voices_dir: Path) -> Path:
    return (voices_dir / NAME / "current").resolve()


def replace(link: Path, data: bytes) -> None:
    link.unlink()
    link.write_bytes(data)


def test_vietnamese_comes_out_at_the_houses_loudness(
    piper: VoicePiper, notice: str, samples: Callable[[bytes], Any], judge: Callable[[Any], float]
) -> None:
    chunks = list(piper.speak(notice, "vi"))
    assert all(chunk.end - chunk.start <= 70 for chunk in chunks)
    loudness = []
    for chunk in chunks:
        wave = samples(chunk.pcm)
        assert 0.5 < wave.size / RATE_HZ < 8
        assert abs(wave).max() < 10 ** (-1.5 / 20)
        loudness.append(judge(wave))
    assert max(abs(value + 16) for value in loudness) < 1.5
    assert max(loudness) - min(loudness) < 2


def test_the_id_names_voice_edition_and_pace(piper: VoicePiper) -> None:
    assert piper.available() == ""
    assert piper.id == f"piper:{NAME}@58afce03.3d6d5410.vi:x1"
    assert piper.languages == {"vi"}


def test_a_faster_pace_is_shorter(voices_dir: Path) -> None:
    lengths = []
    for speed_wpm in (150, 225):
        voice = VoicePiper(voices_dir, NAME, speed_wpm, Limits(threads=1))
        lengths.append(sum(len(c.pcm) for c in voice.speak("Kính mời toàn thể bà con đi họp đúng giờ.", "vi")))
        voice.close()
    assert lengths[1] < 0.85 * lengths[0]


def test_no_raw_phonemes_and_no_long_piece_reach_the_worker(piper: VoicePiper, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[str] = []

    def say(worker: Worker, todo: Iterable[Piece]) -> Iterator[Chunk]:
        handed.extend(piece.text for piece in todo)
        return iter(())

    monkeypatch.setattr(Worker, "say", say)
    assert list(piper.speak("Chào [[h@'loU]] bà con. [[[[a]]]] [ [b] ]", "vi")) == []
    assert handed == ["Chào h 'loU bà con.", "a b"]
    handed.clear()
    list(piper.speak("Ủy ban nhân dân xã đề nghị các ấp treo cờ, " * 5 + "đúng giờ.", "vi"))
    assert max(len(text) for text in handed) <= 70


def test_a_worker_killed_in_mid_sentence_is_replaced(piper: VoicePiper) -> None:
    said = piper.speak("Một hai ba bốn. Năm sáu bảy tám. Chín mười mười một.", "vi")
    next(said)
    first = piper.worker_pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert len([chunk for chunk in said if chunk.pcm]) == 2
    assert piper.worker_pid not in (None, first)


def test_the_worker_stays_within_its_memory(piper: VoicePiper) -> None:
    text = "Ủy ban nhân dân xã đề nghị toàn thể cán bộ và nhân dân các ấp treo cờ. " * 6
    list(piper.speak(text, "vi"))
    assert piper.worker_pid is not None
    status = Path(f"/proc/{piper.worker_pid}/status").read_text()
    peak_kb = int(status.split("VmHWM:")[1].split()[0])
    assert peak_kb < 330 * 1024
    assert psutil.Process(piper.worker_pid).nice() == min(19, psutil.Process().nice() + 10)


def test_a_worker_that_may_not_have_enough_memory_says_so_and_the_house_lives(voices_dir: Path) -> None:
    voice = VoicePiper(voices_dir, limits=Limits(threads=1, memory_mb=200, patience=Patience(60.0, 20.0)))
    with pytest.raises(VoiceError, match="piper: "):
        list(voice.speak("Kính thưa bà con.", "vi"))
    voice.close()


def test_a_truncated_voice_is_not_available(voices_dir: Path, piper: VoicePiper) -> None:
    model = folder_of(voices_dir) / f"{NAME}.onnx"
    replace(model, model.read_bytes()[:1000])
    assert f"the voice {NAME} is broken: {NAME}.onnx has 1000 bytes, not 63201294" in piper.available()
    with pytest.raises(VoiceError, match="has 1000 bytes"):
        next(piper.speak("Chào", "vi"))


@pytest.mark.parametrize("file", [f"{NAME}.onnx", f"{NAME}.onnx.json"])
def test_a_swapped_file_of_the_right_size_is_refused_before_it_is_loaded(
    voices_dir: Path, piper: VoicePiper, file: str
) -> None:
    target = folder_of(voices_dir) / file
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    replace(target, bytes(data))
    assert piper.available() == ""  # sizes only: the hash is the worker's duty, at each start
    with pytest.raises(VoiceError, match="is not the file that was verified") as caught:
        next(piper.speak("Chào", "vi"))
    said = reason(caught.value)  # each language came through the pipe by itself
    assert "verified" not in said.vi
    assert "không" not in said.en


def test_a_file_that_is_no_model_is_refused_although_its_record_agrees(voices_dir: Path) -> None:
    folder = folder_of(voices_dir)
    replace(folder / f"{NAME}.onnx", b"not a model")
    record = json.loads((folder / RECORD).read_bytes())
    record["files"][f"{NAME}.onnx"] = {"size": 11, "sha256": hashlib.sha256(b"not a model").hexdigest()}
    (folder / RECORD).write_text(json.dumps(record))
    with pytest.raises(VoiceError, match="cannot be loaded"):
        try_voice(folder)


@pytest.mark.parametrize("torn", [b"", b'{"name": "en_US-jo', b"{}", b"\xff\xfe"])
def test_a_voice_whose_record_is_torn_is_broken_and_speaks_again_once_it_is_whole(
    voices_dir: Path, piper: VoicePiper, torn: bytes
) -> None:
    file = folder_of(voices_dir) / RECORD
    whole = file.read_bytes()
    file.write_bytes(torn)
    assert "is installed but broken: voice.json cannot be read" in piper.available()
    assert piper.languages == frozenset()
    stand_in = VoiceSilent()
    able, passed = willing([("piper", piper), ("silent", stand_in)], "vi")
    assert able == [stand_in]
    assert [one.name for one in passed] == ["piper"]
    with pytest.raises(VoiceError, match="đã cài nhưng bị hỏng"):
        next(piper.speak("Chào", "vi"))
    file.write_bytes(whole)
    assert piper.available() == ""
    assert piper.languages == {"vi"}


def test_no_voice_is_a_reason(tmp_path: Path) -> None:
    assert "no Piper voice is installed" in VoicePiper(tmp_path).available()
    assert "no Piper voice vi_VN-x is installed" in VoicePiper(tmp_path, "vi_VN-x").available()


def test_a_voice_installed_later_is_found_without_a_restart(tmp_path: Path, voices_dir: Path) -> None:
    voice = VoicePiper(tmp_path / "later")
    assert voice.available() != ""
    (tmp_path / "later").symlink_to(voices_dir)
    assert voice.available() == ""
    assert voice.languages == {"vi"}


def test_another_language_is_refused_by_name(piper: VoicePiper) -> None:
    with pytest.raises(VoiceError, match="speaks vi, not 'km'"):
        next(piper.speak("Chào", "km"))


def test_the_trial_accepts_a_voice_that_speaks(voices_dir: Path, joe: tuple[VoiceRecord, Path]) -> None:
    try_voice(folder_of(voices_dir))


def test_the_runtime_leaves_the_picture_its_cores(voices_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many threads, which sleep while they wait; memory kept between pieces; and no levelling but ours."""
    worker = pytest.importorskip("tts.engines.piper_worker", reason="piper-tts is not installed")
    given: list[Any] = []
    real = worker.onnxruntime.InferenceSession

    def session(*args: Any, sess_options: Any, **rest: Any) -> Any:
        given.append(sess_options)
        return real(*args, sess_options=sess_options, **rest)

    asked: list[Any] = []

    def speak(voice: Any, text: str, how: Any) -> list[Any]:
        asked.append(how)
        return []

    monkeypatch.setattr(worker.onnxruntime, "InferenceSession", session)
    engine = worker.PiperEngine(folder_of(voices_dir), threads=3, length_scale=1.0)
    monkeypatch.setattr(worker.PiperVoice, "synthesize", speak)
    engine.sound({"text": "Kính thưa bà con."})
    (options,), (how,) = given, asked
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (3, 1)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert options.enable_cpu_mem_arena
    assert how.normalize_audio is False
