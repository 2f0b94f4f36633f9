"""The contract every speaker driver keeps."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from drivers import speaker
from drivers.options import OptionError
from drivers.speaker import RATE_HZ, Speaker, SpeakerError
from tests.waiting import DEADLINE_S

WaitUntil = Callable[[Callable[[], bool]], None]
OPTIONS: dict[str, dict[str, Any]] = {
    "sdl": {"audio_driver": "dummy"},
    "alsa": {"device": "card"},
    "wav": {"folder": "sound", "realtime": True},
    "silent": {},
}
TENTH = b"\x10\x00" * (RATE_HZ // 10)


@pytest.fixture(params=speaker.DRIVERS)
def driver(request: pytest.FixtureRequest, own_environment: None) -> Iterator[Speaker]:
    name: str = request.param
    if name == "alsa":
        if shutil.which("aplay") is None:
            pytest.skip("aplay is not installed (Debian package alsa-utils)")
        request.getfixturevalue("alsa_card")
    made = speaker.create(name, OPTIONS[name])
    made.open()
    yield made
    made.close()


class Held:
    """A tenth of a second, and then no end before `release`: however slow the machine is, it still sounds."""

    def __init__(self) -> None:
        self._go = threading.Event()
        self.release = self._go.set

    def __iter__(self) -> Iterator[bytes]:
        yield TENTH
        self._go.wait(DEADLINE_S)


def test_is_busy_while_sound_comes_out_and_then_no_longer(driver: Speaker, wait_until: WaitUntil) -> None:
    sound = Held()
    assert not driver.busy()
    driver.play(sound)
    assert driver.busy()
    sound.release()
    wait_until(lambda: not driver.busy())


def test_play_returns_at_once_however_slow_the_voice_is(driver: Speaker, wait_until: WaitUntil) -> None:
    go = threading.Event()

    def slow() -> Iterator[bytes]:
        go.wait(DEADLINE_S)
        yield TENTH

    driver.play(slow())
    assert driver.busy()
    go.set()
    wait_until(lambda: not driver.busy())


def test_stop_is_silence_now(driver: Speaker) -> None:
    driver.play([TENTH] * 100)
    driver.stop()
    assert not driver.busy()


def test_stop_does_not_wait_for_a_voice_at_work(driver: Speaker) -> None:
    never = threading.Event()

    def stuck() -> Iterator[bytes]:
        yield TENTH
        never.wait(DEADLINE_S)
        yield TENTH

    driver.play(stuck())
    driver.stop()
    assert not driver.busy()
    never.set()


def test_a_new_clip_cuts_the_one_before(driver: Speaker, wait_until: WaitUntil) -> None:
    taken = threading.Event()
    more = threading.Event()
    asked: list[int] = []

    def first() -> Iterator[bytes]:
        yield TENTH
        taken.set()
        more.wait(DEADLINE_S)
        for number in range(1000):
            asked.append(number)
            yield TENTH

    driver.play(first())
    assert taken.wait(DEADLINE_S)
    driver.play([TENTH])
    more.set()

    wait_until(lambda: not driver.busy())
    assert len(asked) <= 1


def test_a_voice_that_breaks_off_is_told_in_health(driver: Speaker, wait_until: WaitUntil) -> None:
    def broken() -> Iterator[bytes]:
        yield TENTH
        raise RuntimeError("the voice worker died")

    driver.play(broken())
    wait_until(lambda: driver.health()["error"] != "")
    assert driver.health()["error"] == "the voice worker died"
    wait_until(lambda: not driver.busy())

    sound = Held()
    driver.play(sound)
    assert driver.busy()
    assert driver.health()["error"] == ""
    sound.release()


@pytest.mark.parametrize("pct", [0, 100])
def test_takes_any_volume_there_is(driver: Speaker, pct: int) -> None:
    driver.set_volume(pct)
    assert driver.health()["volume_pct"] == pct


@pytest.mark.parametrize("pct", [-1, 101])
def test_refuses_a_volume_there_is_not(driver: Speaker, pct: int) -> None:
    with pytest.raises(SpeakerError, match=f"volume {pct} %: allowed are 0 to 100"):
        driver.set_volume(pct)


def test_a_bed_sounds_on_when_speech_comes_and_goes(driver: Speaker, wait_until: WaitUntil) -> None:
    speech = Held()
    driver.play_bed([TENTH] * 600)
    driver.play(speech)
    assert driver.busy()
    assert driver.bed_busy()
    speech.release()
    wait_until(lambda: not driver.busy())
    assert driver.bed_busy()
    driver.stop_bed()
    assert not driver.bed_busy()


def test_speech_sounds_on_when_the_bed_stops(driver: Speaker) -> None:
    driver.play_bed([TENTH] * 100)
    driver.play([TENTH] * 100)
    driver.stop_bed()
    assert (driver.busy(), driver.bed_busy()) == (True, False)
    driver.stop()
    assert not driver.busy()


def test_a_new_bed_cuts_the_one_before_and_no_speech(driver: Speaker, wait_until: WaitUntil) -> None:
    driver.play([TENTH] * 100)
    driver.play_bed([TENTH] * 100)
    driver.play_bed([TENTH])
    wait_until(lambda: not driver.bed_busy())
    assert driver.busy()


def test_a_bed_is_over_when_its_sound_is(driver: Speaker, wait_until: WaitUntil) -> None:
    film = Held()
    driver.play_bed(film)
    assert (driver.busy(), driver.bed_busy()) == (False, True)
    film.release()
    wait_until(lambda: not driver.bed_busy())


def test_a_driver_does_not_run_away_from_the_loudspeaker(driver: Speaker, wait_until: WaitUntil) -> None:
    """A film's sound is decoded as it is heard, not all at once."""
    given: list[int] = []

    def film() -> Iterator[bytes]:
        for number in range(600):
            given.append(number)
            yield TENTH

    driver.play_bed(film())
    wait_until(lambda: len(given) > 2)
    assert len(given) < 30
    driver.stop_bed()


def test_an_empty_clip_is_over_at_once(driver: Speaker, wait_until: WaitUntil) -> None:
    driver.play([])
    wait_until(lambda: not driver.busy())


def test_may_be_closed_twice(driver: Speaker) -> None:
    driver.play([TENTH] * 100)
    driver.close()
    driver.close()
    assert not driver.busy()


@pytest.mark.parametrize("name", speaker.DRIVERS)
def test_refuses_an_unknown_option_by_name(name: str) -> None:
    with pytest.raises(OptionError, match=f"{name}: no option 'loudness'; there are "):
        speaker.create(name, {"loudness": 3})


def test_refuses_a_driver_there_is_not() -> None:
    with pytest.raises(SpeakerError, match="'horn'; there are sdl, alsa, wav, silent"):
        speaker.create("horn", {})
