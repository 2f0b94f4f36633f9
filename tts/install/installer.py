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

from tts.bilingual import Said, both, reason
from tts.durable import settle, settle_names
from tts.install.installed import (
    CURRENT,
    RECORD,
    BrokenVoice,
    FileFact,
    InstalledVoice,
    VoiceRecord,
    check_file,
    placed_voice,
    placed_voices,
    read_voice,
    to_json,
)
from tts.install.source import Source, SourceError
from tts.voice import VoiceError

_INCOMING: Final = ".incoming-"
_SPARE_BYTES: Final = 16 * 1024 * 1024

Trial = Callable[[Path], None]  # speak a sentence with the voice in that folder; raises VoiceError
Progress = Callable[[str, int, int], None]  # file, bytes so far, bytes in all


class InstallError(Exception):
    """The voice was not installed or removed; what was there before still is. The message is a Said."""


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
            if not _whole(final, record):
                incoming = home / f"{_INCOMING}{record.short_hash}"
                self._fetch_all(record, source, incoming, progress)
                self._try(record, incoming)
                _replace_folder(incoming, final)
            before = _target(home / CURRENT)
            if before != final.name:
                _switch(home / CURRENT, final.name)
                _keep_only(home, {final.name, before})
            return final

    def check(self, name: str, manifest: Mapping[str, VoiceRecord]) -> list[Said]:
        """All that is wrong with the voice, its files read from end to end, and what to do; empty if it is sound."""
        voice = placed_voice(self._dir / name)
        if voice is None:
            return [self._absent(name)]
        if isinstance(voice, BrokenVoice):
            return [voice.fault(), mending(name)]
        faults: list[Said] = []
        for file, fact in voice.record.files.items():
            with _noting(faults):
                check_file(voice.folder / file, fact)
        if faults:
            return [*faults, mending(name)]
        known = manifest.get(name)
        if known is not None and not voice.record.packing and known.files != voice.record.files:
            return [_unlike(voice, known)]
        with _noting(faults):
            self._trial(voice.folder)
        return faults

    def remove(self, name: str) -> None:
        """Forget every version of the voice. Raises InstallError if there is none."""
        with self._alone():
            home = self._dir / name
            if name not in {path.name for path in self._dir.iterdir() if path.is_dir()}:
                raise InstallError(self._absent(name))
            with suppress(FileNotFoundError):
                (home / CURRENT).unlink()  # first, so that nobody starts to speak with half a voice
            shutil.rmtree(home)

    def _absent(self, name: str) -> Said:
        names = ", ".join(voice.name for voice in placed_voices(self._dir))
        return both(
            "giọng {name!r} chưa được cài trong {folder}; đã cài: {there}",
            "the voice {name!r} is not installed in {folder}; installed: {there}",
            name=name, folder=self._dir, there=names or Said("chưa có giọng nào", "none"),
        )  # fmt: skip

    def _fetch_all(self, record: VoiceRecord, source: Source, incoming: Path, progress: Progress) -> None:
        incoming.mkdir(parents=True, exist_ok=True)
        needed = sum(fact.size for fact in record.files.values()) - _size_of(incoming) + _SPARE_BYTES
        free = shutil.disk_usage(incoming).free
        if free < needed:
            raise InstallError(
                both("{folder} còn trống {free} MB; giọng {name} cần {needed} MB",
                     "{folder} has {free} MB free; {name} needs {needed} MB",
                     folder=self._dir, free=free >> 20, name=record.name, needed=needed >> 20)
            )  # fmt: skip
        for name in record.files:
            self._fetch(record, name, source, incoming / name, progress)
        _write_whole(incoming / RECORD, to_json(record))

    def _fetch(self, record: VoiceRecord, name: str, source: Source, file: Path, progress: Progress) -> None:
        fact = record.files[name]
        if _sound(file, fact):
            return  # an earlier attempt came so far; it may have been for another revision with the same model
        part = file.with_name(f"{name}.part")
        try:
            _continue(part, source, record, name, progress)
            check_file(part, fact)
            os.replace(part, file)
        except SourceError as error:
            raise InstallError(
                both("{file}: {why}{kept}", "{file}: {why}{kept}", file=name, why=error, kept=_kept(part, fact.size))
            ) from error
        except VoiceError as error:
            if _length(part) >= fact.size:
                part.unlink(missing_ok=True)  # it is all here and wrong: continuing could not mend it
            raise InstallError(
                both("{file} bị từ chối: {why}", "{file} was refused: {why}", file=name, why=error)
            ) from error
        except OSError as error:
            raise _unwritten(part, error) from error

    def _try(self, record: VoiceRecord, folder: Path) -> None:
        try:
            self._trial(folder)
        except VoiceError as error:
            shutil.rmtree(folder)
            raise InstallError(
                both("giọng {name} đủ tệp nhưng không đọc được: {why}", "{name} is whole but does not speak: {why}",
                     name=record.name, why=error)
            ) from error  # fmt: skip

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One installation at a time in this folder."""
        try:
            self._dir.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._dir / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise InstallError(
                both("không dùng được thư mục giọng {it}: {why}", "the folder of voices {it} cannot be used: {why}",
                     it=self._dir, why=error)
            ) from error  # fmt: skip
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise InstallError(
                both("một lần cài khác đang chạy trong {it}", "another installation is at work in {it}", it=self._dir)
            ) from error
        except OSError as error:  # a disk that fills up or goes read-only may do so at any step
            raise _unwritten(error.filename or self._dir, error) from error
        finally:
            os.close(lock)


def _whole(folder: Path, record: VoiceRecord) -> bool:
    """Whether that very voice is there: a revision may bring other settings to the same model."""
    try:
        there = read_voice(folder).record
    except (OSError, ValueError):
        return False
    return there.files == record.files and all(_sound(folder / file, fact) for file, fact in record.files.items())


def _sound(file: Path, fact: FileFact) -> bool:
    try:
        check_file(file, fact)
    except VoiceError:
        return False
    return True


def mending(name: str) -> Said:
    """What to do about a voice whose files are damaged."""
    return both(
        "hãy cài lại: {install}, hoặc gỡ: {remove}", "install it again: {install}, or remove it: {remove}",
        install=f"bangtin voice install {name} --from …", remove=f"bangtin voice remove {name}",
    )  # fmt: skip


def _unlike(voice: InstalledVoice, known: VoiceRecord) -> Said:
    return both(
        "giọng {name} bản {here} không phải bản {known} của danh mục",
        "{name} {here} is not the {known} of the manifest",
        name=voice.name, here=voice.record.revision, known=known.revision,
    )  # fmt: skip


def _unwritten(file: object, error: OSError) -> InstallError:
    return InstallError(both("không ghi được {it}: {why}", "{it} cannot be written: {why}", it=file, why=error))


@contextmanager
def _noting(faults: list[Said]) -> Iterator[None]:
    """Note a VoiceError of the block among `faults` instead of raising it."""
    try:
        yield
    except VoiceError as error:
        faults.append(reason(error))


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
                raise SourceError(
                    both("nguồn có nhiều hơn {size} byte", "the source holds more than {size} bytes", size=size)
                )
            target.write(block)
            progress(name, target.tell(), size)
        settle(target)


def _kept(part: Path, size: int) -> Said:
    """What a later attempt need not fetch again, as the end of a sentence."""
    if not (kept := _length(part)):
        return Said("", "")
    return both(
        " (đã giữ lại {kept} trên {size} byte, lần sau lấy tiếp)",
        " ({kept} of {size} bytes are kept and continued next time)", kept=kept, size=size,
    )  # fmt: skip


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
    settle_names(link.parent)


def _replace_folder(incoming: Path, final: Path) -> None:
    """The verified folder under its final name; a damaged one of that name goes first."""
    if final.exists():
        shutil.rmtree(final)
    settle_names(incoming)  # its names too: after a power cut no file of a voice that bears its final name is missing
    os.replace(incoming, final)
    settle_names(final.parent)


def _keep_only(home: Path, names: set[str]) -> None:
    for folder in home.iterdir():
        if folder.is_dir() and not folder.is_symlink() and folder.name not in names:
            shutil.rmtree(folder)


def _write_whole(file: Path, data: bytes) -> None:
    with open(file, "wb") as target:
        target.write(data)
        settle(target)
