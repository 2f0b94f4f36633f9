"""Sound through the real aplay into ALSA devices that write a file: what comes out, and a card that comes and goes."""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers import speaker
from drivers.options import OptionError
from drivers.speaker import RATE_HZ, SpeakerError
from drivers.speakers.ducking import DUCKED_DB

WaitUntil = Callable[[Callable[[], bool]], None]
pytestmark = pytest.mark.skipif(shutil.which("aplay") is None, reason="aplay is not installed (package alsa-utils)")
TONE = array("h", [1 + index * 7 % 9000 for index in range(RATE_HZ // 2)])


@pytest.fixture
def fast(alsa_card: Path) -> Path:
    return alsa_card.with_name(f"{alsa_card.name}.fast")


def samples(path: Path) -> array[int]:
    """What came out, without the silence that fills the card's last buffer."""
    found = array("h", path.read_bytes())
    while found and not found[-1]:
        found.pop()
    return found


def test_the_sound_that_comes_out_is_the_sound_that_went_in(fast: Path, wait_until: WaitUntil) -> None:
    says = speaker.create("alsa", {"device": "fast"})
    says.open()
    raw = TONE.tobytes()
    says.play(raw[at : at + 1234] for at in range(0, len(raw), 1234))
    wait_until(lambda: not says.busy())
    assert samples(fast) == TONE
    assert says.health()["error"] == ""


def test_speech_and_bed_come_out_of_one_device(fast: Path, wait_until: WaitUntil) -> None:
    says = speaker.create("alsa", {"device": "fast"})
    says.open()
    says.play([bytes(2 * RATE_HZ)])
    says.play_bed([array("h", [8000] * RATE_HZ).tobytes()])
    wait_until(lambda: not says.bed_busy() and not says.busy())
    assert min(samples(fast)[RATE_HZ // 2 : RATE_HZ * 3 // 4]) < 8000 * 10 ** (DUCKED_DB / 20) * 1.05


def test_a_device_that_is_not_there_is_told_and_found_when_it_comes(
    alsa_card: Path, fast: Path, wait_until: WaitUntil
) -> None:
    settings = alsa_card.with_name("asound.conf")
    plugged = settings.read_text()
    settings.write_text("")
    says = speaker.create("alsa", {"device": "fast"})
    says.open()
    says.play([TONE.tobytes()] * 100)
    wait_until(lambda: says.health()["error"] != "")
    assert says.health()["error"].startswith("alsa: device=fast: ")
    assert not says.busy()

    settings.write_text(plugged)
    says.play([TONE.tobytes()])
    wait_until(lambda: not says.busy())
    assert says.health()["error"] == ""
    assert samples(fast) == TONE


def test_a_card_pulled_out_in_the_middle_breaks_the_clip_off(
    tmp_path: Path, alsa_card: Path, wait_until: WaitUntil
) -> None:
    """The stand-in for the card ends after half a second of sound, as a card does that is pulled out."""
    (tmp_path / "card.py").write_text("import sys\nsys.stdin.buffer.read(22050)\n")
    says = speaker.create("alsa", {"device": "card"})
    says.open()
    says.play([TONE.tobytes()] * 1000)
    wait_until(lambda: not says.busy())
    assert says.health()["error"].startswith("alsa: device=card: ")


def test_a_card_that_takes_no_sound_any_more_is_given_up(
    tmp_path: Path, alsa_card: Path, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drivers.speakers.alsa._STUCK_S", 0.2)
    (tmp_path / "card.py").write_text("import threading\nthreading.Event().wait(5)\n")
    says = speaker.create("alsa", {"device": "card"})
    says.open()
    says.play([TONE.tobytes()] * 1000)
    wait_until(lambda: not says.busy())
    assert "took no sound for 0.2 s" in says.health()["error"]


def test_a_program_that_fails_behind_the_last_sample_is_told(tmp_path: Path, wait_until: WaitUntil) -> None:
    program = tmp_path / "aplay"
    program.write_text("#!/bin/sh\ncat >/dev/null\necho the card is lost >&2\nexit 1\n")
    program.chmod(0o755)
    says = speaker.create("alsa", {"program": str(program)})
    says.open()
    says.play([TONE.tobytes()])
    wait_until(lambda: not says.busy())
    assert says.health()["error"] == "alsa: device=default: the card is lost"


def test_a_program_that_is_missing_is_named_with_its_package(tmp_path: Path) -> None:
    says = speaker.create("alsa", {"program": str(tmp_path / "aplay")})
    with pytest.raises(SpeakerError, match=r"aplay is missing; it comes with the package alsa-utils"):
        says.open()


def test_a_buffer_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(OptionError, match=r"buffer_ms.*20 to 1000"):
        speaker.create("alsa", {"buffer_ms": 5})
