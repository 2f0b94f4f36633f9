"""Clips on disk: complete WAV files in the house's format, named only when they are whole."""

from __future__ import annotations

import array
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers import speaker
from drivers.speaker import RATE_HZ, Speaker, SpeakerError
from tests.waiting import DEADLINE_S

WaitUntil = Callable[[Callable[[], bool]], None]
LOUD = array.array("h", [1000, -1000] * 500).tobytes()


def opened(folder: Path, **options: object) -> Speaker:
    made = speaker.create("wav", {"folder": str(folder), **options})
    made.open()
    return made


def test_a_clip_is_one_file_of_the_houses_pcm(tmp_path: Path, wait_until: WaitUntil) -> None:
    says = opened(tmp_path)
    says.play([LOUD, LOUD])
    wait_until(lambda: not says.busy())

    with wave.open(str(tmp_path / "clip-000001.wav")) as clip:
        assert clip.getparams()[:4] == (1, 2, RATE_HZ, 2000)
        assert clip.readframes(2000) == LOUD * 2


def test_a_file_gets_its_name_only_when_it_is_whole(tmp_path: Path, wait_until: WaitUntil) -> None:
    rest = threading.Event()

    def slow() -> Iterator[bytes]:
        yield LOUD
        rest.wait(DEADLINE_S)
        yield LOUD

    says = opened(tmp_path)
    says.play(slow())
    wait_until(lambda: bool(list(tmp_path.iterdir())))
    assert not list(tmp_path.glob("*.wav"))
    rest.set()
    wait_until(lambda: not says.busy())

    assert [path.name for path in tmp_path.iterdir()] == ["clip-000001.wav"]


def test_is_not_busy_for_as_long_as_the_sound_would_last(tmp_path: Path, wait_until: WaitUntil) -> None:
    says = opened(tmp_path)
    says.play([bytes(2 * RATE_HZ * 3600)])
    wait_until(lambda: not says.busy())


def test_the_volume_holds_for_the_clip(tmp_path: Path, wait_until: WaitUntil) -> None:
    says = opened(tmp_path)
    says.set_volume(25)
    says.play([LOUD])
    wait_until(lambda: not says.busy())

    with wave.open(str(tmp_path / "clip-000001.wav")) as clip:
        samples = array.array("h", clip.readframes(1000))
    assert (max(samples), min(samples)) == (250, -250)


def test_a_clip_without_sound_leaves_no_file(tmp_path: Path, wait_until: WaitUntil) -> None:
    says = opened(tmp_path)
    says.play([])
    wait_until(lambda: not says.busy())
    assert list(tmp_path.iterdir()) == []


def test_goes_on_counting_where_the_folder_ends(tmp_path: Path, wait_until: WaitUntil) -> None:
    (tmp_path / "clip-000041.wav").touch()
    says = opened(tmp_path)
    says.play([LOUD])
    wait_until(lambda: not says.busy())
    assert (tmp_path / "clip-000042.wav").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SpeakerError, match=r"folder=.*file/sound"):
        opened(tmp_path / "file" / "sound")


def test_a_cut_clip_keeps_what_was_said_until_then(tmp_path: Path, wait_until: WaitUntil) -> None:
    rest = threading.Event()

    def slow() -> Iterator[bytes]:
        yield LOUD * 20
        rest.wait(DEADLINE_S)
        yield LOUD

    says = opened(tmp_path)
    says.play(slow())
    wait_until(lambda: any(part.stat().st_size > len(LOUD) for part in tmp_path.glob("*.part")))
    says.stop()
    wait_until((tmp_path / "clip-000001.wav").exists)
    rest.set()

    with wave.open(str(tmp_path / "clip-000001.wav")) as clip:
        assert clip.getnframes() == 20_000
