from __future__ import annotations

import errno
import os
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from tts import cache
from tts.cache import ClipStore, StoreError, key
from tts.voice import VoiceError


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    return ClipStore(tmp_path / "speech")


def writing(pcm: bytes, times: bytes = b"{}") -> Callable[[wave.Wave_write], bytes]:
    def write(clip: wave.Wave_write) -> bytes:
        clip.writeframesraw(pcm)
        return times

    return write


def test_the_key_changes_with_all_that_changes_the_sound() -> None:
    base = key("espeak:vi", {"lang": "vi", "tones": "chime"}, "Một hai")
    others = {
        key("espeak:south", {"lang": "vi", "tones": "chime"}, "Một hai"),
        key("espeak:vi", {"lang": "vi", "tones": "siren"}, "Một hai"),
        key("espeak:vi", {"lang": "vi", "tones": "chime"}, "Một ba"),
        key("espeak:vi", {"lang": "vi"}, "tones=chimeMột hai"),
    }
    assert base == key("espeak:vi", {"tones": "chime", "lang": "vi"}, "Một hai")
    assert len(base) == 64
    assert len(others | {base}) == 5


def test_the_key_changes_with_the_version_of_the_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key("e", {}, "t")
    monkeypatch.setattr(cache, "SOUND_VERSION", cache.SOUND_VERSION + 1)
    assert key("e", {}, "t") != before


def test_what_was_put_is_found_whole(store: ClipStore) -> None:
    file = store.put("a" * 64, writing(b"\1\0" * 1000, b'{"x":1}'))
    assert store.find("a" * 64) == file
    assert store.times("a" * 64) == b'{"x":1}'
    with wave.open(str(file)) as clip:
        assert clip.readframes(5000) == b"\1\0" * 1000
    assert store.find("b" * 64) is None


def test_a_clip_gets_its_name_when_both_files_are_on_the_disk(
    store: ClipStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut must not leave a name with half a sound behind it."""
    done: list[str] = []
    settle, rename = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        done.append(f"fsync {Path(os.readlink(f'/proc/self/fd/{descriptor}')).name.partition('.')[2] or 'folder'}")
        settle(descriptor)

    def replace(part: Path, name: Path) -> None:
        done.append(f"name {name.suffix}")
        rename(part, name)

    monkeypatch.setattr("tts.cache.os.fsync", fsync)
    monkeypatch.setattr("tts.cache.os.replace", replace)
    store.put("a" * 64, writing(bytes(100)))
    assert done == ["fsync growing", f"fsync json.{os.getpid()}.part", "name .json", "name .wav", "fsync folder"]


def test_a_voice_that_fails_in_the_middle_leaves_nothing(store: ClipStore, tmp_path: Path) -> None:
    def write(clip: wave.Wave_write) -> bytes:
        clip.writeframesraw(bytes(5000))
        raise VoiceError("the worker died")

    with pytest.raises(VoiceError, match="the worker died"):
        store.put("a" * 64, write)
    assert list((tmp_path / "speech").iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing(store: ClipStore, tmp_path: Path) -> None:
    """A real full disk: /dev/full refuses every byte, as the file system would."""

    def write(clip: wave.Wave_write) -> bytes:
        with open("/dev/full", "wb", buffering=0) as full:
            full.write(bytes(10))
        return b"{}"

    with pytest.raises(StoreError, match=f"cannot be kept in .*{os.strerror(errno.ENOSPC)}"):
        store.put("a" * 64, write)
    assert list((tmp_path / "speech").iterdir()) == []


def test_the_leftovers_of_a_killed_process_are_swept(tmp_path: Path) -> None:
    folder = tmp_path / "speech"
    folder.mkdir()
    (folder / f"{'a' * 64}.wav.123.part").write_bytes(b"half")
    (folder / f"{'a' * 64}.growing").write_bytes(b"half")
    (folder / f"{'b' * 64}.json").write_bytes(b"{}")  # its sound never got its name
    whole = {folder / f"{'c' * 64}{ending}" for ending in (".json", ".wav")}
    for file in whole:
        file.write_bytes(b"")
    ClipStore(folder)
    assert set(folder.iterdir()) == whole


def test_the_clips_unused_for_longest_go_first(store: ClipStore) -> None:
    names = [letter * 64 for letter in "abcd"]
    files = [store.put(name, writing(bytes(20_000))) for name in names]
    for age, file in enumerate(files):
        os.utime(file, (1000 + age, 1000 + age))
    assert store.find(names[0]) is not None  # used just now
    gone = store.trim(45_000, keep={files[1].name})
    assert gone == [files[2].name, files[3].name]
    assert store.find(names[2]) is None
    assert sorted(path.suffix for path in files[0].parent.iterdir()) == [".json", ".json", ".wav", ".wav"]
    assert store.trim(10_000_000) == []
