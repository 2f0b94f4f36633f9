from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("pyloudnorm", reason="the judge of loudness is not installed")
pytest.importorskip("onnxruntime", reason="the inference runtime is not installed")

from tts.bench.keys import DOCUMENT, KEYS, voice
from tts.bench.reader import PLAN
from tts.bench.sound import SIX_TONES, loudness, tones, true_peak_dbfs
from tts.engines.pieces import pieces
from tts.sound.waves import to_pcm
from tts.voice import RATE_HZ, Chunk


def figures(*arguments: str) -> dict[str, dict[str, object]]:
    result = CliRunner().invoke(voice, list(arguments))
    assert result.exit_code == 0, result.output
    found: dict[str, dict[str, object]] = json.loads(result.stdout)
    return found


def test_one_key_is_one_json_object_and_nothing_else(tmp_path: Path) -> None:
    short = tmp_path / "short.txt"
    short.write_text("Kính thưa bà con. Mời họp.", encoding="utf-8")
    found = figures("--only", "cache_hit_p99_ms", "--document", str(short))
    assert list(found) == ["cache_hit_p99_ms"]
    assert set(found["cache_hit_p99_ms"]) == {"value", "ours", "baseline", "unit", "n"}
    assert 0 < float(str(found["cache_hit_p99_ms"]["value"])) < 1000


def test_the_siren_of_an_emergency_is_measured_against_its_whole_text(tmp_path: Path, needs_espeak: None) -> None:
    short = tmp_path / "short.txt"
    short.write_text("Kính thưa bà con. Mời họp. " * 6, encoding="utf-8")
    found = figures("--only", "emergency_first_sample_ms", "--document", str(short), "--voices-dir", str(tmp_path))
    figure = found["emergency_first_sample_ms"]
    assert 0 < float(str(figure["ours"])) < float(str(figure["baseline"]))


def test_the_worker_is_measured_against_the_bare_voice_by_the_same_words(tmp_path: Path, voices_dir: Path) -> None:
    short = tmp_path / "short.txt"
    short.write_text("Kính thưa bà con. Mời họp.", encoding="utf-8")
    found = figures("--only", "piper_rtf", "--document", str(short), "--voices-dir", str(voices_dir))["piper_rtf"]
    assert {"value", "ours", "baseline", "unit", "n", "same_words", "spinning"} == set(found)
    same = found["same_words"]
    assert same["value"] == pytest.approx(same["ours"] / same["baseline"], rel=1e-3)  # type: ignore[index]
    assert same["ours"] > found["ours"] > 0  # type: ignore[index,operator]


def test_a_machine_without_a_voice_says_so_in_place_of_a_figure(tmp_path: Path) -> None:
    found = figures("--only", "piper_rtf", "--voices-dir", str(tmp_path))
    assert found == {"piper_rtf": {"not_measured": "no Piper voice is installed"}}


def test_the_memory_of_a_real_voice_is_read_from_its_worker(tmp_path: Path, voices_dir: Path) -> None:
    short = tmp_path / "short.txt"
    short.write_text("Kính thưa bà con. Mời họp.", encoding="utf-8")
    peak = figures("--only", "worker_peak_mb", "--plan", str(short), "--voices-dir", str(voices_dir))
    assert 100 < float(str(peak["worker_peak_mb"]["fp32"]["value"])) < 330  # type: ignore[index]
    if importlib.util.find_spec("onnx") is not None:
        small, large = (float(str(peak["worker_peak_mb"][kind]["value"])) for kind in ("int8", "fp32"))  # type: ignore[index]
        assert small < large


@pytest.mark.skipif(importlib.util.find_spec("onnx") is None, reason="the package onnx is not installed")
def test_the_int8_copy_is_compared(voices_dir: Path) -> None:
    off = figures("--only", "int8_off", "--voices-dir", str(voices_dir))["int8_off"]
    assert set(off) == {"duration_off", "loudness_off_lu", "pitch_off_semitones"}


def test_the_tones_are_counted_in_pairs(needs_espeak: None) -> None:
    assert figures("--only", "tones")["tones"]["value"] == 15


def test_the_reader_is_measured_beside_the_voices() -> None:
    assert {"plan_leftovers", "fuzz_exceptions", "slowest_100kb_s", "sentences_per_s"} <= set(KEYS)
    assert figures("--only", "plan_leftovers", "--plan", str(PLAN))["plan_leftovers"]["value"] == 0


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    result = CliRunner().invoke(voice, ["--only", "speed"])
    assert result.exit_code == 2
    assert all(key in result.output for key in KEYS)


def test_the_judge_of_peaks_sees_between_the_samples() -> None:
    between = np.sin(2 * np.pi * 0.25 * np.arange(4000) + np.pi / 4).astype(np.float32)
    assert true_peak_dbfs(between) == pytest.approx(0.0, abs=0.5)


def test_the_spread_is_between_the_loudest_and_the_softest() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)
    found = loudness([to_pcm(0.1 * tone), to_pcm(0.2 * tone), to_pcm(tone[:100])])
    assert found.spread_lu == pytest.approx(6.02, abs=0.1)
    assert (found.measured, found.chunks) == (2, 3)
    assert found.peak_dbfs == pytest.approx(0.0, abs=0.2)  # a piece too short to be measured may still be too high


def test_a_text_too_short_to_measure_is_said(tmp_path: Path, needs_espeak: None) -> None:
    with pytest.raises(ValueError, match=r"no piece of the text is 0\.4 s long"):
        loudness([bytes(100)])
    (tmp_path / "plan.txt").write_text("...", encoding="utf-8")
    found = figures("--only", "loudness", "--plan", str(tmp_path / "plan.txt"), "--voices-dir", str(tmp_path))
    assert set(found["loudness"]) == {"not_measured"}


class Sung:
    """Says the six words each a semitone higher than the one before, without any melody."""

    def speak(self, text: str, lang: str) -> Iterator[Chunk]:
        hz = 110 * 2 ** (SIX_TONES.index(text) / 12)
        yield Chunk(to_pcm(0.5 * np.sin(2 * np.pi * hz * np.arange(RATE_HZ // 2) / RATE_HZ).astype(np.float32)), 0, 1)

    def close(self) -> None:
        pass


def test_pairs_of_tones_count_from_a_semitone_and_a_half_on() -> None:
    assert tones(Sung()) == (10, 15)


def test_the_document_is_words_alone() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert not any(char.isdigit() for char in text)
    assert len(list(pieces(text, 70))) > 30
