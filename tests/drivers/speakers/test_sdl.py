"""What the mixer really puts out, by SDL's own disk driver, and a sound card that comes and goes."""

from __future__ import annotations

import array
import logging
import math
import os
import shutil
import threading
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pygame
import pytest

from drivers import speaker
from drivers.speaker import RATE_HZ, SpeakerError
from drivers.speakers.ducking import DUCKED_DB
from drivers.speakers.sdl import Driver
from tests.waiting import DEADLINE_S

WaitUntil = Callable[[Callable[[], bool]], None]
FakeTree = Callable[[Mapping[str, str]], Path]
CARD = {"class/sound/card0/id": "Headphones"}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def tone(samples: int) -> array.array[int]:
    return array.array("h", [1 + int(9000 * abs(math.sin(i * 0.1))) for i in range(samples)])


def heard(path: Path) -> array.array[int]:
    """What came out, without the silence before and after; the file ends anywhere, so in whole samples."""
    raw = path.read_bytes()
    samples = array.array("h", raw[: len(raw) // 2 * 2])
    sounding = [i for i, sample in enumerate(samples) if sample]
    return samples[sounding[0] : sounding[-1] + 1] if sounding else array.array("h")


def test_the_sound_that_comes_out_is_the_sound_that_went_in(tmp_path: Path, wait_until: WaitUntil) -> None:
    """Odd chunk lengths, as a voice makes them: no gap, no click, not a sample lost."""
    os.environ["SDL_DISKAUDIOFILE"] = str(tmp_path / "out.raw")
    whole = tone(RATE_HZ)
    bounds = [0, 1, 777, 12_345, 12_346, RATE_HZ]
    says = speaker.create("sdl", {"audio_driver": "disk"})
    says.open()

    says.play(whole[start:end].tobytes() for start, end in pairwise(bounds))
    wait_until(lambda: not says.busy())
    says.close()

    assert heard(tmp_path / "out.raw") == whole


def test_the_volume_holds_for_every_piece(tmp_path: Path, wait_until: WaitUntil) -> None:
    os.environ["SDL_DISKAUDIOFILE"] = str(tmp_path / "out.raw")
    says = speaker.create("sdl", {"audio_driver": "disk"})
    says.open()
    says.set_volume(50)

    says.play([tone(RATE_HZ * 3 // 2).tobytes()])
    wait_until(lambda: not says.busy())
    says.close()

    samples = heard(tmp_path / "out.raw")
    assert 4400 < max(samples) <= 4501
    assert 4400 < max(samples[-4000:]) <= 4501


def test_the_bed_lies_lower_while_speech_sounds_and_comes_back(tmp_path: Path, wait_until: WaitUntil) -> None:
    os.environ["SDL_DISKAUDIOFILE"] = str(tmp_path / "out.raw")
    says = speaker.create("sdl", {"audio_driver": "disk"})
    says.open()

    says.play_bed([array.array("h", [8000] * (4 * RATE_HZ)).tobytes()])
    says.play([bytes(2 * RATE_HZ)])
    wait_until(lambda: not says.bed_busy())
    says.close()

    samples = heard(tmp_path / "out.raw")
    ducked = 8000 * 10 ** (DUCKED_DB / 20)
    middle = samples[RATE_HZ // 2 : RATE_HZ * 3 // 4]
    assert max(middle) <= ducked * 1.05
    assert min(middle) >= ducked * 0.9
    assert samples[0] > 6000
    assert max(samples[-RATE_HZ // 4 :]) >= 7900


def test_without_a_device_it_says_so_and_asks_less_and_less_often(tree: FakeTree) -> None:
    clock = Clock()
    says = Driver(audio_driver="nosuchsystem", sysfs=tree({}), now_s=clock)
    tries = 0
    with pytest.raises(SpeakerError, match="device=default"):
        says.open()
    for _ in range(120):
        clock.now += 1
        with pytest.raises(SpeakerError) as caught:
            says.play([b"\0\0"])
        tries += "device=default" in str(caught.value)

    assert 4 <= tries <= 6
    assert says.health()["open"] is False
    says.close()


def test_a_card_pulled_out_is_an_error_and_comes_back_by_itself(
    tree: FakeTree, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = Clock()
    sysfs = tree(CARD)
    says = Driver(audio_driver="dummy", sysfs=sysfs, now_s=clock)
    says.open()
    says.play([bytes(2 * RATE_HZ)])
    assert says.busy()

    shutil.rmtree(sysfs / "class/sound/card0")
    assert not says.busy()
    assert says.health()["open"] is False
    with pytest.raises(SpeakerError, match="taken away"):
        says.play([bytes(2)])
    with pytest.raises(SpeakerError, match="no sound device"):
        says.play([bytes(2)])

    tree(CARD)
    clock.now += 1.5
    says.play([bytes(2 * RATE_HZ)])

    assert says.busy()
    assert says.health()["open"] is True
    assert [record.getMessage() for record in caplog.records if record.name == "drivers.speakers.sdl"] == [
        "no sound device; trying again from time to time",
        "the sound device is back",
    ]
    says.close()


def test_nothing_touches_the_mixer_once_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece in the making, whose mixer went away meanwhile, would end the whole player."""
    says = speaker.create("sdl", {"audio_driver": "dummy"})
    says.open()
    order: list[str] = []
    making, closed = threading.Event(), threading.Event()
    sound, leave = pygame.mixer.Sound, pygame.mixer.quit

    def make(**given: Any) -> pygame.mixer.Sound:
        making.set()
        closed.wait(0.1)
        made = sound(**given) if "closed" not in order else None
        order.append("made")
        assert made is not None
        return made

    def close() -> None:
        order.append("closed")
        closed.set()
        leave()

    monkeypatch.setattr(pygame.mixer, "Sound", make)
    monkeypatch.setattr(pygame.mixer, "quit", close)
    says.play([tone(5_000).tobytes()])
    assert making.wait(DEADLINE_S)
    says.close()

    assert order[-1] == "closed"
