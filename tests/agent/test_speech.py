"""Clips are made beside the road: in order, emergencies in their own lane, failures tried again."""

from __future__ import annotations

import math
import shutil
import struct
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.events import ClipMade, VoiceTrouble
from agent.speech import jobs_of
from player.model import Version
from tests.agent.lanes import RECORDING, Maker, Rig, recorded, spoken
from tests.agent.signer import Signer
from tests.joe import joe, linked
from tests.waiting import eventually
from tts.clip import ClipMaker
from tts.voice import VoiceError


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def rig(maker: Maker, tmp_path: Path) -> Iterator[Rig]:
    """Its recording is here already."""
    (tmp_path / RECORDING).touch()
    rig = Rig(maker, tmp_path)
    yield rig
    maker.gate.set()
    rig.close()


@pytest.fixture
def recording() -> Callable[[Path], Path]:
    """Writes a second of a quiet tone as a phone would have recorded it."""

    def write(file: Path) -> Path:
        with wave.open(str(file), "wb") as target:
            target.setnchannels(2)
            target.setsampwidth(2)
            target.setframerate(48_000)
            for n in range(48_000):
                target.writeframesraw(struct.pack("<h", round(1500 * math.sin(n / 25))) * 2)
        return file

    return write


def test_what_can_be_heard_becomes_jobs() -> None:
    versions = (spoken("a"), Version("km", title="silent"), recorded(), spoken("  "))
    assert [(job.spoken, job.recording) for job in jobs_of("i", 1, versions)] == [("a", ""), ("", "a" * 64)]


def test_a_recording_goes_before_the_words(rig: Rig, maker: Maker, signer: Signer, tmp_path: Path) -> None:
    item = signer.item("x", versions=(recorded(spoken="lời"),))
    rig.speech.playlist(signer.playlist(item))
    assert rig.next() == ClipMade(item.id, 1, "sti", "recorded.wav", 2.5, f"recording:{'a' * 64}")
    assert maker.made == [(str(tmp_path / RECORDING), False)]


def test_words_are_spoken_when_their_recording_cannot_be_used(rig: Rig, maker: Maker, signer: Signer) -> None:
    maker.recording_error = VoiceError("the recording is no sound")
    rig.speech.alert(signer.alert(versions=(recorded(spoken="lời"), recorded("km"))))
    assert rig.next().file == "lời.wav"
    assert rig.next() == VoiceTrouble("the recording is no sound")  # the other has no words to fall back on


def test_clips_of_a_playlist_are_reported_one_by_one(rig: Rig, signer: Signer) -> None:
    item = signer.item("x", versions=(spoken("một"), spoken("one", "en")))
    rig.speech.playlist(signer.playlist(item))
    assert rig.next() == ClipMade(item.id, 1, "vi", "một.wav", 1.5, "silent")
    assert rig.next() == ClipMade(item.id, 1, "en", "one.wav", 1.5, "silent")
    assert rig.speech.depth() == 0


def test_clips_that_are_ready_are_not_asked_for_again(rig: Rig, maker: Maker, signer: Signer) -> None:
    item = signer.item("x", versions=(spoken("một"), spoken("one", "en")))
    rig.speech.playlist(signer.playlist(item), {(item.id, 1, "vi"): "espeak"})
    assert rig.next().lang == "en"
    assert maker.made == [("one", False)]


def test_an_alert_does_not_wait_for_a_playlist(rig: Rig, maker: Maker, signer: Signer) -> None:
    maker.gate.clear()
    rig.speech.playlist(signer.playlist(*(signer.item(str(n), versions=(spoken(str(n)),)) for n in range(9))))
    rig.speech.alert(signer.alert(versions=(spoken("bão"),)))
    assert rig.next().item == "bao-so-3"
    assert maker.made == [("bão", True)]


def test_a_newer_playlist_replaces_what_still_waited(rig: Rig, maker: Maker, signer: Signer) -> None:
    maker.gate.clear()
    rig.speech.playlist(signer.playlist(*(signer.item(str(n), versions=(spoken(str(n)),)) for n in range(9))))
    rig.speech.playlist(signer.playlist(signer.item("mới", versions=(spoken("mới"),))))
    maker.gate.set()
    texts = [rig.next().file]
    while texts[-1] != "mới.wav":
        texts.append(rig.next().file)
    assert len(texts) <= 2


@pytest.mark.parametrize("error", [VoiceError("no voice"), ZeroDivisionError("a fault of ours")], ids=type)
def test_a_voice_that_fails_is_reported_once_and_tried_again(
    rig: Rig, maker: Maker, signer: Signer, error: Exception
) -> None:
    maker.error = error
    items = [signer.item(str(n), versions=(spoken(str(n)),)) for n in range(2)]
    rig.speech.playlist(signer.playlist(*items))
    trouble = rig.next_but_tones()
    assert isinstance(trouble, VoiceTrouble)
    assert trouble.problem
    maker.error = None
    found: list[object] = []

    def all_heard() -> bool:
        """The second text may have failed after the first retry: it waits for the next one."""
        rig.speech.retry()
        while not rig.posted.empty():
            found.append(rig.posted.get())
        return VoiceTrouble("") in found

    eventually(all_heard)
    assert [event for event in found if isinstance(event, VoiceTrouble)] == [VoiceTrouble("")]
    assert rig.speech.depth() == 0


def test_a_trouble_goes_with_the_text_it_was_about(rig: Rig, maker: Maker, signer: Signer) -> None:
    maker.error = VoiceError("no voice speaks 'km'")
    rig.speech.playlist(signer.playlist(signer.item("a", versions=(spoken("a"),))))
    assert rig.next_but_tones() == VoiceTrouble("no voice speaks 'km'")
    rig.speech.playlist(signer.playlist())
    assert rig.next_but_tones() == VoiceTrouble("")
    assert rig.speech.depth() == 0


def test_a_text_that_is_heard_hides_no_other_that_is_not(rig: Rig, maker: Maker, signer: Signer) -> None:
    maker.error = VoiceError("no voice speaks 'km'")
    rig.speech.playlist(signer.playlist(signer.item("a", versions=(spoken("a"),))))
    assert rig.next_but_tones() == VoiceTrouble("no voice speaks 'km'")
    maker.error = None
    rig.speech.alert(signer.alert(versions=(spoken("bão"),)))
    assert rig.next_but_tones().file == "bão.wav"
    rig.speech.retry()
    assert rig.next_but_tones() == VoiceTrouble("")


def test_what_fails_after_nobody_wants_it_any_more_is_no_trouble(rig: Rig, maker: Maker, signer: Signer) -> None:
    maker.gate.clear()
    rig.speech.playlist(signer.playlist(signer.item("a", versions=(spoken("a"),))))
    eventually(lambda: rig.speech.depth() == 0)  # it is in work
    rig.speech.playlist(signer.playlist())
    maker.error = VoiceError("no voice")
    maker.gate.set()
    assert rig.next().engine == "tones"
    assert rig.posted.empty()
    assert rig.speech.depth() == 0


def test_an_emergency_that_is_over_leaves_neither_trouble_nor_work(
    rig: Rig, maker: Maker, signer: Signer, tmp_path: Path
) -> None:
    (tmp_path / RECORDING).unlink()
    maker.error = VoiceError("no voice")
    alert = signer.alert(versions=(spoken("bão"), recorded("sti")))
    rig.speech.alert(alert)
    assert rig.next_but_tones() == VoiceTrouble("no voice")
    rig.speech.alert_over(alert.id)
    assert rig.next_but_tones() == VoiceTrouble("")
    assert rig.speech.depth() == 0
    maker.error = None
    rig.speech.supplied(RECORDING)
    rig.speech.retry()
    assert not maker.made


def test_leaving_closes_the_voice(maker: Maker, tmp_path: Path) -> None:
    rig = Rig(maker, tmp_path)
    rig.close()
    assert maker.closed


def test_a_real_recording_becomes_a_clip_of_the_house(
    tmp_path: Path, signer: Signer, recording: Callable[[Path], Path]
) -> None:
    file = recording(tmp_path / ("a" * 64))
    rig = Rig(ClipMaker(tmp_path / "speech", (), tmp_path / "voices", 150), tmp_path)
    rig.speech.playlist(signer.playlist(signer.item("x", versions=(recorded(),))))
    made = rig.next()
    assert isinstance(made, ClipMade), made
    assert (made.lang, made.engine) == ("sti", f"recording:{file.name}")
    with wave.open(str(tmp_path / "speech" / made.file)) as clip:
        assert (clip.getnchannels(), clip.getsampwidth()) == (1, 2)
        assert clip.getnframes() / clip.getframerate() == pytest.approx(made.duration_s, abs=0.05)
    rig.close()


def test_real_clips_end_up_in_the_folder(tmp_path: Path, signer: Signer, eventually: Callable[..., Any]) -> None:
    rig = Rig(ClipMaker(tmp_path, ("silent",), tmp_path / "voices", 150), tmp_path)
    rig.speech.alert(signer.alert(versions=(spoken("bão khẩn cấp"),)))
    begun, made = rig.next(), rig.next()
    assert (begun.file, begun.duration_s) == (made.file.replace(".wav", ".growing"), 0.0), "its siren need not wait"
    assert (tmp_path / made.file).read_bytes()[:4] == b"RIFF"
    assert made.duration_s > 0
    rig.close()


# --- the ladder, each rung reached by breaking the one above -----------------------------------------------------


def test_each_rung_of_the_ladder_is_reached_when_the_one_above_breaks(
    tmp_path: Path, recording: Callable[[Path], Path]
) -> None:
    """Recording, clip made before, installed voice, espeak-ng, tones alone: with the real maker and real voices."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    media = tmp_path / "media"
    media.mkdir()
    recording(media / ("a" * 64))
    voices = linked(joe(), tmp_path / "voices")
    maker = ClipMaker(tmp_path / "speech", ("piper", "espeak"), voices, 150)
    rig = Rig(maker, media)
    try:
        heard: list[str] = []

        def ask(revision: int, version: Version) -> None:
            rig.speech.urgent.add(jobs_of("storm", revision, (version,)))
            while not isinstance(event := rig.next(), ClipMade) or event.file.endswith(".growing"):
                pass
            heard.append(event.engine.partition(":")[0].partition("-")[0])

        ask(1, recorded("vi", spoken="bão gần bờ"))
        kept = sorted((tmp_path / "speech").glob("*.wav"))
        (media / ("a" * 64)).unlink()
        (media / ("a" * 64)).write_bytes(b"torn")
        ask(2, recorded("vi", spoken="bão gần bờ"))  # made before: the file is not looked at again
        assert sorted((tmp_path / "speech").glob("*.wav")) == kept
        for clip in kept:
            clip.unlink()
        ask(3, recorded("vi", spoken="bão gần bờ"))
        shutil.rmtree(voices)
        ask(4, recorded("vi", spoken="bão gần bờ"))
        ask(5, recorded("sti"))
        assert heard == ["recording", "recording", "piper", "espeak", "tones"]
    finally:
        rig.close()


def test_tones_alone_are_sent_with_the_trouble_and_replaced_when_a_voice_is_back(
    rig: Rig, maker: Maker, signer: Signer
) -> None:
    maker.error = VoiceError("no voice speaks 'vi' now")
    rig.speech.alert(signer.alert(versions=(spoken("bão"),)))
    posted = [rig.next(), rig.next()]
    assert VoiceTrouble("no voice speaks 'vi' now") in posted
    assert [event.engine for event in posted if isinstance(event, ClipMade)] == ["tones"]
    maker.error = None
    rig.speech.retry()
    posted = [rig.next(), rig.next()]
    assert VoiceTrouble("") in posted
    assert [event.engine for event in posted if isinstance(event, ClipMade)] == ["silent"]
