"""Install, check and remove Piper voices. What is spoken with is always a whole voice that was verified.

Each file is fetched into a `.part` that a later attempt continues, then its size, then its hash, then
one sentence is spoken with it; only then does the link `current` move, in one step. The voice before
stays beside it, so that a bad one can be taken back.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tts.install.installed import CURRENT, RECORD, VoiceRecord, check_file, installed_voices, read_voice, to_json
from tts.install.source import Source, SourceError
from tts.voice import VoiceError

_INCOMING: Final = ".incoming-"
_SPARE_BYTES: Final = 16 * 1024 * 1024

Trial = Callable[[Path], None]  # speak a sentence with the voice in that folder; raises VoiceError
Progress = Callable[[str, int, int], None]  # file, bytes so far, bytes in all


class InstallError(Exception):
    """The voice was not installed or removed; what was there before still is."""


class Installer:
    """The voices below `voices_dir`. `trial` decides whether a voice that is whole also speaks."""

    def __init__(self, voices_dir: Path, trial: Trial) -> None:
        self._dir = voices_dir
        self._trial = trial

    def install(self, record: VoiceRecord, source: Source, progress: Progress) -> Path:
        """Fetch, verify, try and switch to the voice; the folder it is in. InstallError leaves all as it was."""
        with self._alone():
            home = self._dir / record.name
            final = home / record.short_hash
            if not self._whole(final):
                incoming = home / f"{_INCOMING}{record.short_hash}"
                self._fetch_all(record, source, incoming, progress)
                self._try(record, incoming)
                _replace_folder(incoming, final)
            before = _target(home / CURRENT)
            if before != final.name:
                _switch(home / CURRENT, final.name)
                _keep_only(home, {final.name, before})
            return final

    def check(self, name: str, manifest: Mapping[str, VoiceRecord]) -> list[str]:
        """All that is wrong with the installed voice, its files read from end to end; empty if it is sound."""
        try:
            voice = read_voice(self._dir / name / CURRENT)
        except (OSError, ValueError) as error:
            return [f"{name} is not installed: {error}"]
        faults = []
        for file, fact in voice.record.files.items():
            try:
                check_file(voice.folder / file, fact)
            except VoiceError as error:
                faults.append(str(error))
        known = manifest.get(name)
        if known is not None and not voice.record.packing and known.files != voice.record.files:
            faults.append(f"{name} {voice.record.revision} is not the {known.revision} of the manifest")
        if not faults:
            with _noting(faults):
                self._trial(voice.folder)
        return faults

    def remove(self, name: str) -> None:
        """Forget every version of the voice. Raises InstallError if there is none."""
        with self._alone():
            home = self._dir / name
            if name not in {path.name for path in self._dir.iterdir() if path.is_dir()}:
                there = ", ".join(voice.record.name for voice in installed_voices(self._dir)) or "none"
                raise InstallError(f"the voice {name!r} is not installed in {self._dir}; installed: {there}")
            with suppress(FileNotFoundError):
                (home / CURRENT).unlink()  # first, so that nobody starts to speak with half a voice
            shutil.rmtree(home)

    def _whole(self, folder: Path) -> bool:
        try:
            record = read_voice(folder).record
            for file, fact in record.files.items():
                check_file(folder / file, fact)
        except (OSError, ValueError, VoiceError):
            return False
        return True

    def _fetch_all(self, record: VoiceRecord, source: Source, incoming: Path, progress: Progress) -> None:
        incoming.mkdir(parents=True, exist_ok=True)
        missing = sum(fact.size for fact in record.files.values()) - _size_of(incoming)
        free = shutil.disk_usage(incoming).free
        if free < missing + _SPARE_BYTES:
            raise InstallError(f"{self._dir} has {free >> 20} MB free; {record.name} needs {missing >> 20} MB more")
        for name in record.files:
            self._fetch(record, name, source, incoming / name, progress)
        _write_whole(incoming / RECORD, to_json(record))

    def _fetch(self, record: VoiceRecord, name: str, source: Source, file: Path, progress: Progress) -> None:
        fact = record.files[name]
        if file.exists():
            return
        part = file.with_name(f"{name}.part")
        try:
            _continue(part, source, record, name, progress)
            check_file(part, fact)
            os.replace(part, file)
        except SourceError as error:
            raise InstallError(f"{name}: {error} ({_length(part)} of {fact.size} bytes are kept)") from error
        except VoiceError as error:
            if _length(part) >= fact.size:
                part.unlink(missing_ok=True)  # it is all here and wrong: continuing could not mend it
            raise InstallError(f"{name} was refused: {error}") from error
        except OSError as error:
            raise InstallError(f"{part} cannot be written: {error.strerror}") from error

    def _try(self, record: VoiceRecord, folder: Path) -> None:
        try:
            self._trial(folder)
        except VoiceError as error:
            shutil.rmtree(folder)
            raise InstallError(f"{record.name} is whole but does not speak: {error}") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One installation at a time in this folder."""
        try:
            self._dir.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._dir / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise InstallError(f"the folder of voices {self._dir} cannot be used: {error.strerror}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise InstallError(f"another installation is at work in {self._dir}") from error
        except OSError as error:  # a disk that fills up or goes read-only may do so at any step
            raise InstallError(f"{error.filename or self._dir} cannot be written: {error.strerror}") from error
        finally:
            os.close(lock)


@contextmanager
def _noting(faults: list[str]) -> Iterator[None]:
    """Note a VoiceError of the block among `faults` instead of raising it."""
    try:
        yield
    except VoiceError as error:
        faults.append(str(error))


def _continue(part: Path, source: Source, record: VoiceRecord, name: str, progress: Progress) -> None:
    """Fetch what is missing of the part. Never more than the file may have: a source could go on for ever."""
    size = record.files[name].size
    if _length(part) > size:
        part.unlink()
    with open(part, "ab") as target:
        for at, block in source.read(record, name, target.tell()):
            if at != target.tell():
                target.truncate(at)
                target.seek(at)
            if at + len(block) > size:
                raise SourceError(f"the source holds more than {size} bytes")
            target.write(block)
            progress(name, target.tell(), size)
        target.flush()
        os.fsync(target.fileno())


def _length(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def _target(link: Path) -> str:
    try:
        return os.readlink(link)
    except OSError:
        return ""


def _switch(link: Path, target: str) -> None:
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    os.replace(new, link)
    _sync(link.parent)


def _replace_folder(incoming: Path, final: Path) -> None:
    """The verified folder under its final name; a damaged one of that name goes first."""
    if final.exists():
        shutil.rmtree(final)
    os.replace(incoming, final)
    _sync(final.parent)


def _keep_only(home: Path, names: set[str]) -> None:
    for folder in home.iterdir():
        if folder.is_dir() and not folder.is_symlink() and folder.name not in names:
            shutil.rmtree(folder)


def _write_whole(file: Path, data: bytes) -> None:
    with open(file, "wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
