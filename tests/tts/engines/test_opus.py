"""Speech that travels: small, at the house's loudness, the same bytes for the same sound, and its sentences in it."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tts.clip import ClipMade, ClipMaker
from tts.engines.containers import HEAD_BYTES, OGG, container_of
from tts.engines.recording import VoiceRecording, pack
from tts.times import Sentence, marks_of
from tts.voice import RATE_HZ, VoiceError

Read = Callable[[Path], bytes]


@pytest.fixture
def voice_wav(tmp_path: Path) -> Path:
    """Six seconds in two channels at 44.1 kHz, far too quiet."""
    t = np.arange(6 * 44_100) / 44_100
    wave_form = 900 * (0.6 + 0.4 * np.sin(9 * t)) * np.sin(2 * np.pi * 330 * t)
    file = tmp_path / "loi.wav"
    with wave.open(str(file), "wb") as target:
        target.setparams((2, 2, 44_100, 0, "NONE", "not compressed"))
        target.writeframes(np.repeat(wave_form.round().astype("<i2"), 2).tobytes())
    return file


def heard(file: Path) -> bytes:
    voice = VoiceRecording(file, "km")
    try:
        return b"".join(chunk.pcm for chunk in voice.speak("", "km"))
    finally:
        voice.close()


def test_a_packed_recording_is_opus_in_ogg_and_small(voice_wav: Path, tmp_path: Path) -> None:
    seconds = pack(voice_wav, tmp_path / "out")
    data = (tmp_path / "out").read_bytes()
    assert seconds == pytest.approx(6.0, abs=0.05)
    assert container_of(data[:HEAD_BYTES]) == OGG
    assert data[28:36] == b"OpusHead"
    assert len(data) < 4000 * seconds, "four kilobytes a second is what a bad link carries"


def test_what_was_packed_sounds_as_long_and_as_loud_as_the_house_wants(
    voice_wav: Path, tmp_path: Path, samples: Callable[[bytes], Any], judge: Callable[[Any], float]
) -> None:
    pack(voice_wav, tmp_path / "out")
    said = samples(heard(tmp_path / "out"))
    assert said.size / RATE_HZ == pytest.approx(6.0, abs=0.05)
    assert judge(said) == pytest.approx(-16, abs=1.5)


def test_the_same_sound_keeps_its_name(voice_wav: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        pack(voice_wav, tmp_path / name, marks_of((Sentence(0, 1, 0, 3),)))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_comments_a_stranger_left_do_not_travel(voice_wav: Path, tmp_path: Path) -> None:
    pack(voice_wav, tmp_path / "stranger", marks_of((Sentence(0, 1, 0, 3),)))
    pack(tmp_path / "stranger", tmp_path / "ours")
    assert b"SENTENCES" in (tmp_path / "stranger").read_bytes()
    assert b"SENTENCES" not in (tmp_path / "ours").read_bytes()


def test_silence_is_told_by_its_length(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "silence"), "wb") as target:
        target.setparams((1, 2, RATE_HZ, 0, "NONE", "not compressed"))
        target.writeframes(bytes(4 * RATE_HZ))
    assert pack(tmp_path / "silence", tmp_path / "out") == 0.0


@pytest.mark.parametrize(("source", "target", "told"), [("none", "out", "read"), ("loi.wav", "no/out", "written")])
def test_what_cannot_be_packed_says_which_end_was_at_fault(
    voice_wav: Path, tmp_path: Path, source: str, target: str, told: str
) -> None:
    with pytest.raises(VoiceError, match=f"the recording cannot be {told}"):
        pack(tmp_path / source, tmp_path / target)


# --- speech made in the middle, heard at the edge


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory, notice: str, needs_espeak: None) -> tuple[ClipMade, Path]:
    """A notice spoken without tones, and the file of it that travels."""
    folder = tmp_path_factory.mktemp("centre")
    maker = ClipMaker(folder / "centre", ("espeak",), folder / "voices", 150)
    try:
        made = maker.make(notice, "vi", bare=True)
    finally:
        maker.close()
    pack(made.file, folder / "cafe", marks_of(made.sentences))
    return made, folder / "cafe"


def test_speech_for_the_road_has_no_tones(central: tuple[ClipMade, Path]) -> None:
    assert central[0].sentences[0].start_s == 0.0


def test_its_sentences_are_marked_on_the_board_as_if_it_had_spoken_itself(
    central: tuple[ClipMade, Path], tmp_path: Path, notice: str
) -> None:
    board = ClipMaker(tmp_path / "speech", ("espeak",), tmp_path / "voices", 150)
    try:
        own, supplied = board.make(notice, "vi"), board.recorded(central[1], "vi", notice)
    finally:
        board.close()
    assert supplied.engine == "recording:cafe"
    assert [one[2:] for one in supplied.sentences] == [one[2:] for one in own.sentences]
    for sent, spoken in zip(supplied.sentences, own.sentences, strict=True):
        assert sent[:2] == pytest.approx(spoken[:2], abs=0.05)


def test_marks_that_do_not_fit_the_words_are_left_out(central: tuple[ClipMade, Path], tmp_path: Path) -> None:
    board = ClipMaker(tmp_path / "speech", (), tmp_path / "voices", 150)
    made = board.recorded(central[1], "vi", "Ngắn.")
    assert [one[2:] for one in made.sentences] == [(0, 0)]


def test_the_board_hears_what_was_spoken(
    central: tuple[ClipMade, Path], tmp_path: Path, read_clip: Read, samples: Callable[[bytes], Any]
) -> None:
    """The loudness of each tenth of a second follows that of the speech it was made from."""
    before, after = samples(read_clip(central[0].file)), samples(heard(central[1]))
    step = RATE_HZ // 10
    tenths = min(before.size, after.size) // step
    curves = [np.log10(np.abs(wave[: tenths * step]).reshape(-1, step).max(axis=1) + 1e-3)
              for wave in (before, after)]  # fmt: skip
    assert np.corrcoef(*curves)[0, 1] > 0.95
