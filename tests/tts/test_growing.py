"""A clip is heard while it is made: nothing is lost at the seam, and a voice that gives up is not taken for an end."""

from __future__ import annotations

import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import DEADLINE_S
from tts import growing as module
from tts.cache import ClipStore
from tts.clip import ClipMaker
from tts.growing import growing
from tts.voice import VoiceError

NAME = "a" * 64


class Making:
    """A clip in the making, a sound a step: `say` lets the next one be written, `fail` has the voice break off."""

    def __init__(self, folder: Path) -> None:
        self.store = ClipStore(folder)
        self.path = self.store.growing(NAME)
        self.begun = threading.Event()
        self.error: Exception | None = None
        self._steps: list[bytes | None] = []
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self.begun.wait(DEADLINE_S)

    def say(self, sound: bytes | None) -> None:
        """Another sound; None is the end of the text."""
        with self._change:
            self._steps.append(sound)
            self._change.notify()

    def finish(self) -> None:
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self.store.put(NAME, self._write)
        except VoiceError as error:
            self.error = error

    def _write(self, clip: wave.Wave_write) -> bytes:
        clip.writeframesraw(b"\1\0" * 10)
        self.begun.set()
        while True:
            with self._change:
                assert self._change.wait_for(lambda: self._steps, DEADLINE_S)
                sound = self._steps.pop(0)
            if sound is None:
                return b"{}"
            if sound == b"fail":
                raise VoiceError("the worker ended")
            clip.writeframesraw(sound)


@pytest.fixture
def making(tmp_path: Path) -> Iterator[Making]:
    made = Making(tmp_path)
    yield made
    made.say(None)
    made.finish()


def test_what_is_there_is_heard_before_the_rest_is_made(making: Making) -> None:
    heard = growing(making.path, 100)
    assert next(heard) == b"\1\0" * 10
    making.say(b"\2\0" * 5)
    assert next(heard) == b"\2\0" * 5
    making.say(b"\3\0" * 300)
    making.say(None)
    assert b"".join(heard) == b"\3\0" * 300


def test_what_was_finished_meanwhile_is_heard_to_its_end(making: Making) -> None:
    heard = growing(making.path, 4)
    next(heard)
    making.say(b"\2\0" * 50)
    making.say(None)
    making.finish()
    assert b"".join(heard) == b"\1\0" * 6 + b"\2\0" * 50


def test_a_voice_that_gives_up_breaks_the_reading_off(making: Making) -> None:
    heard = growing(making.path, 100)
    next(heard)
    making.say(b"fail")
    making.finish()
    with pytest.raises(wave.Error, match="the voice gave up in the middle"):
        next(heard)
    assert str(making.error) == "the worker ended"


def test_a_voice_that_begins_anew_is_another_clip(making: Making) -> None:
    heard = growing(making.path, 100)
    next(heard)
    making.say(b"fail")
    making.finish()
    making.path.write_bytes(bytes(44) + b"\7\0" * 10)
    with pytest.raises(wave.Error, match="gave up"):
        next(heard)
    making.path.unlink()


def test_a_maker_that_was_killed_is_not_waited_for_for_ever(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STALL_S", 0.05)
    heard = growing(making.path, 100)
    next(heard)
    with pytest.raises(wave.Error, match="no sound for"):
        next(heard)


def test_a_clip_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        growing(tmp_path / "none.growing", 100)


def test_what_grows_is_the_clip_and_no_more(
    tmp_path: Path, notice: str, needs_espeak: None, read_clip: Callable[[Path], bytes]
) -> None:
    """With a real voice: read along from the siren on, it is the same to the last sample."""
    told: list[tuple[str, str]] = []
    heard: list[bytes] = []
    listeners: list[threading.Thread] = []

    def begun(file: Path, engine: str) -> None:
        told.append((file.suffix, engine))
        sound: Any = growing(file, 2205)
        listeners.append(threading.Thread(target=lambda: heard.extend(sound)))
        listeners[-1].start()

    maker = ClipMaker(tmp_path, ("espeak",), tmp_path / "voices", 150)
    made = maker.make(notice, "vi", emergency=True, begun=begun)
    for listener in listeners:
        listener.join(DEADLINE_S)
    assert told == [(".growing", made.engine)]
    assert b"".join(heard) == read_clip(made.file)
    assert maker.make(notice, "vi", emergency=True, begun=begun) == made
    assert len(told) == 1, "what is kept does not begin again"
    maker.close()
