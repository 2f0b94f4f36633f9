from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.waiting import DEADLINE_S, eventually
from tts.cache import StoreError
from tts.clip import AFTER_TONES_MS, REST_S, ClipMade, ClipMaker
from tts.engines.pieces import pieces
from tts.sound.chime import chime, siren
from tts.voice import RATE_HZ, Chunk, VoiceError


@pytest.fixture
def silent_maker(tmp_path: Path) -> Iterator[ClipMaker]:
    maker = ClipMaker(tmp_path / "speech", ("silent",), tmp_path / "voices", 150)
    yield maker
    maker.close()


@pytest.fixture
def espeak_maker(tmp_path: Path, needs_espeak: None) -> Iterator[ClipMaker]:
    maker = ClipMaker(tmp_path / "speech", ("piper", "espeak"), tmp_path / "voices", 150)
    yield maker
    maker.close()


def test_a_clip_holds_the_sentences_where_it_says(
    espeak_maker: ClipMaker, notice: str, read_clip: Callable[[Path], bytes], samples: Callable[[bytes], object]
) -> None:
    made = espeak_maker.make(notice, "vi")
    pcm = read_clip(made.file)
    assert len(pcm) / 2 / RATE_HZ == pytest.approx(made.duration_s, abs=0.001)
    assert made.engine.startswith("espeak-ng-")
    assert [notice[s.start : s.end].split(maxsplit=1)[0] for s in made.sentences] == ["Kính", "Ủy", "từ", "Trân"]
    for sentence in made.sentences:
        said = pcm[2 * round(sentence.start_s * RATE_HZ) : 2 * round(sentence.end_s * RATE_HZ)]
        rest = pcm[2 * round((sentence.end_s + 0.02) * RATE_HZ) : 2 * round((sentence.end_s + 0.4) * RATE_HZ)]
        assert max(said) > 0
        assert not any(rest)


def test_the_same_words_are_not_spoken_twice(espeak_maker: ClipMaker, notice: str) -> None:
    first = espeak_maker.make(notice, "vi")
    espeak_maker.close()
    written = first.file.stat().st_ino
    again = espeak_maker.make(notice, "vi")
    assert again == first
    assert again.file.stat().st_ino == written


def test_a_language_without_a_voice_is_refused_by_name(espeak_maker: ClipMaker) -> None:
    with pytest.raises(VoiceError, match=r"no voice speaks 'km'.*no Piper voice is installed.*speaks vi, not km"):
        espeak_maker.make("សួស្តី", "km")
    assert espeak_maker.languages() == {"vi"}


@pytest.mark.parametrize("text", ["", "   \n", "... !!! — ,", "\x00\x07", "[[]] <>"])
def test_a_text_without_words_is_refused(silent_maker: ClipMaker, text: str) -> None:
    with pytest.raises(VoiceError, match="holds no word"):
        silent_maker.make(text, "vi")


@pytest.mark.parametrize(
    "text", ["Chào \ud800 bà con.", "Chào 👋🏽 ខ្មែរ 한국어 bà con.", "C\u0068a\u0300o ba\u0300 con."]
)
def test_letters_no_voice_knows_do_not_stop_a_clip(silent_maker: ClipMaker, text: str) -> None:
    made = silent_maker.make(text, "vi")
    assert [(one.start, one.end) for one in made.sentences] == [(0, len(text))]
    assert silent_maker.make(text, "vi") == made


def test_the_house_process_stays_light() -> None:
    """numpy and the inference runtime belong to the workers: the agent's memory is counted in megabytes."""
    code = "import sys, tts.clip, tts.voices; print([m for m in ('numpy', 'onnxruntime', 'piper') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=DEADLINE_S)
    assert done.stdout.strip() == "[]"


class Scripted:
    """A voice that fails when told to, counts what it says, and can be held in the middle of a text."""

    def __init__(self, name: str) -> None:
        self.id = name
        self.languages = frozenset({"vi"})
        self.fails = ""
        self.said: list[str] = []
        self.at_second_chunk: Callable[[], None] = lambda: None

    def available(self) -> str:
        return ""

    def speak(self, text: str, lang: str) -> Iterator[Chunk]:
        self.said.append(text)
        for number, piece in enumerate(pieces(text, 70)):
            if number == 1:
                self.at_second_chunk()
            if self.fails:
                raise VoiceError(self.fails)
            yield Chunk(b"\1\0" * 4000, piece.start, piece.end)

    def close(self) -> None:
        pass


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def cast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ClipMaker, Scripted, Scripted, Seconds]:
    """A clip maker whose two voices are scripted, the first the better one."""
    voices = {"piper": Scripted("piper"), "espeak": Scripted("espeak")}
    monkeypatch.setattr("tts.clip.open_voice", lambda name, voices_dir, speed_wpm: voices[name])
    seconds = Seconds()
    maker = ClipMaker(tmp_path / "speech", ("piper", "espeak"), tmp_path, 150, monotonic=seconds)
    return maker, voices["piper"], voices["espeak"], seconds


Cast = tuple[ClipMaker, Scripted, Scripted, Seconds]


def test_a_voice_that_fails_in_the_middle_is_followed_by_the_next(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    maker, piper, espeak, _ = cast
    piper.at_second_chunk = lambda: setattr(piper, "fails", "the worker died")
    assert maker.make("Một hai. Ba bốn.", "vi").engine == "espeak"
    piper.at_second_chunk = lambda: None
    maker.make("Năm sáu. Bảy tám.", "vi")
    assert [len(piper.said), len(espeak.said)] == [1, 2]  # it rests, and is not asked each time
    assert [r.message for r in caplog.records] == ["voice piper fails, the next one is tried: the worker died"]


def test_a_voice_that_rested_long_enough_is_asked_again(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    maker, piper, _, seconds = cast
    caplog.set_level("INFO")
    piper.fails = "no memory"
    maker.make("Một.", "vi")
    piper.fails = ""
    seconds.now = REST_S
    assert maker.make("Hai.", "vi").engine == "piper"
    assert caplog.records[-1].message == "voice piper speaks again"


def test_when_every_voice_fails_the_language_and_all_reasons_are_named(cast: Cast) -> None:
    maker, piper, espeak, _ = cast
    piper.fails, espeak.fails = "no memory", "no program"
    with pytest.raises(VoiceError, match=r"no voice speaks 'vi-VN' now \(piper: no memory; espeak: no program\)"):
        maker.make("Một.", "vi-VN")


def test_a_disk_that_is_full_is_not_the_voices_fault(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, _, espeak, _ = cast

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tts.cache.os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        maker.make("Một.", "vi")
    assert espeak.said == []


def test_an_emergency_does_not_wait_for_a_long_bulletin(cast: Cast) -> None:
    maker, piper, _, _ = cast
    made: dict[str, ClipMade] = {}

    def speak(text: str, emergency: bool) -> None:
        made[text] = maker.make(text, "vi", emergency=emergency)

    urgent = threading.Thread(target=speak, args=("Lũ về!", True), daemon=True)

    def flood() -> None:
        piper.at_second_chunk = lambda: None
        urgent.start()
        eventually(maker._turns.urgent_waiting)

    piper.at_second_chunk = flood
    routine = threading.Thread(target=speak, args=("Một. Hai. Ba.", False), daemon=True)
    routine.start()
    for thread in (routine, urgent):
        thread.join(DEADLINE_S)
        assert not thread.is_alive()
    assert list(made) == ["Lũ về!", "Một. Hai. Ba."]
    assert piper.said == ["Một. Hai. Ba.", "Lũ về!", "Một. Hai. Ba."]


def test_what_is_kept_is_found_while_another_is_being_made(cast: Cast) -> None:
    maker, piper, _, _ = cast
    known = maker.make("Đã có.", "vi")
    found: list[ClipMade] = []
    piper.at_second_chunk = lambda: found.append(maker.make("Đã có.", "vi"))
    maker.make("Một. Hai.", "vi")
    assert found == [known]


def test_an_emergency_sounds_different_and_is_kept_apart(cast: Cast) -> None:
    maker, _, _, _ = cast
    plain, urgent = maker.make("Lũ về!", "vi"), maker.make("Lũ về!", "vi", emergency=True)
    assert plain.file != urgent.file
    assert urgent.duration_s - plain.duration_s == pytest.approx(4.0 - 1.6, abs=0.01)


def test_a_clip_whose_times_are_lost_is_made_again(cast: Cast) -> None:
    maker, piper, _, _ = cast
    made = maker.make("Một.", "vi")
    made.file.with_suffix(".json").write_text("{")
    assert maker.make("Một.", "vi") == made
    assert len(piper.said) == 2


def test_a_sentence_of_several_pieces_is_one_sentence(silent_maker: ClipMaker) -> None:
    text = "Kính thưa bà con, " * 10 + "xin mời. Hết."
    made = silent_maker.make(text, "vi")
    assert [text[s.start : s.end][-8:] for s in made.sentences] == ["xin mời.", "Hết."]
    assert made.sentences[0].start_s == pytest.approx(1.6 + AFTER_TONES_MS / 1000)


def test_a_hundred_kilobytes_without_a_space_become_one_clip(silent_maker: ClipMaker) -> None:
    made = silent_maker.make("a" * 100_000, "vi")
    assert made.duration_s > 6000
    assert len(made.sentences) == 1


def test_trimming_keeps_what_is_needed(silent_maker: ClipMaker) -> None:
    files = [silent_maker.make(text, "vi").file for text in ("Một.", "Hai.")]
    assert silent_maker.trim(0, keep={files[0].name}) == [files[1].name]


def test_the_last_rung_is_the_tones_alone(silent_maker: ClipMaker, read_clip: Callable[[Path], bytes]) -> None:
    ordinary, urgent = silent_maker.tones(), silent_maker.tones(emergency=True)
    assert (ordinary.engine, ordinary.sentences) == ("tones", ())
    assert read_clip(ordinary.file).startswith(chime())
    assert read_clip(urgent.file).startswith(siren())
    assert silent_maker.tones() == ordinary
