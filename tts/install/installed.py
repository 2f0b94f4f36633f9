"""Piper voices on the disk: `<voices>/<name>/<first 8 of the model's hash>/` and a link `current` to one of them.

Beside the two files of a voice lies `voice.json`, the record of what was verified when it was installed. The link alone
says that a voice was put here: one whose record cannot be read is a broken voice, not a voice that never was.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

import msgspec

from tts.bilingual import Said, both
from tts.voice import VoiceError

CURRENT: Final = "current"
RECORD: Final = "voice.json"
_BLOCK: Final = 1 << 20


class FileFact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: int
    sha256: str


class VoiceRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a voice is. `model` and `settings` are file names; `espeak_voice` replaces the one in the settings."""

    name: str
    revision: str
    language: str
    rate_hz: int
    licence: str
    attribution: str
    model: str
    settings: str
    files: dict[str, FileFact]
    caveat: str = ""
    path: str = ""  # of the files below a mirror's root
    espeak_voice: str = ""
    packing: str = ""  # "int8" when the model was made smaller here

    @property
    def short_hash(self) -> str:
        return self.files[self.model].sha256[:8]

    @property
    def edition(self) -> str:
        """Another one for all that makes the voice sound otherwise: its model, its settings, how its text is spelt."""
        return ".".join(filter(None, (self.short_hash, self.files[self.settings].sha256[:8], self.espeak_voice)))


class InstalledVoice(msgspec.Struct, frozen=True):
    """A voice's record and the folder that holds it."""

    record: VoiceRecord
    folder: Path

    @property
    def model(self) -> Path:
        return self.folder / self.record.model

    @property
    def settings(self) -> Path:
        return self.folder / self.record.settings

    @property
    def name(self) -> str:
        return self.record.name

    def fault(self) -> Said | None:
        """None if both files have their full length, else what is wrong. Hashes are checked on loading."""
        for file, fact in self.record.files.items():
            try:
                size = (self.folder / file).stat().st_size
            except OSError as error:
                return both(
                    "giọng {name} bị hỏng: không đọc được {file}: {why}",
                    "the voice {name} is broken: {file} cannot be read: {why}", name=self.name, file=file, why=error,
                )  # fmt: skip
            if size != fact.size:
                return both(
                    "giọng {name} bị hỏng: {file} có {size} byte, không phải {due}",
                    "the voice {name} is broken: {file} has {size} bytes, not {due}",
                    name=self.name, file=file, size=size, due=fact.size,
                )  # fmt: skip
        return None


class BrokenVoice(msgspec.Struct, frozen=True):
    """A voice that was installed and of which nothing is known any more: its record cannot be read."""

    name: str
    folder: Path
    why: Said

    def fault(self) -> Said:
        return self.why


PlacedVoice = InstalledVoice | BrokenVoice


def check_file(file: Path, fact: FileFact) -> None:
    """Raises VoiceError unless the file has that size and SHA-256."""
    digest = hashlib.sha256()
    try:
        with open(file, "rb") as source:
            while block := source.read(_BLOCK):
                digest.update(block)
        size = file.stat().st_size
    except OSError as error:
        raise VoiceError(
            both("không đọc được {file}: {why}", "{file} cannot be read: {why}", file=file.name, why=error)
        ) from error
    if size != fact.size:
        raise VoiceError(
            both("{file} có {size} byte, không phải {due}", "{file} has {size} bytes, not {due}",
                 file=file.name, size=size, due=fact.size)
        )  # fmt: skip
    if digest.hexdigest() != fact.sha256:
        raise VoiceError(
            both("{file} không phải là tệp đã được kiểm chứng: SHA-256 {found}…",
                 "{file} is not the file that was verified: SHA-256 {found}…",
                 file=file.name, found=digest.hexdigest()[:12])
        )  # fmt: skip


def read_voice(folder: Path) -> InstalledVoice:
    """The voice in that folder. Raises OSError, or ValueError if its record cannot be understood."""
    data = (folder / RECORD).read_bytes()
    try:
        record = msgspec.json.decode(data, type=VoiceRecord)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{folder / RECORD}: {error}") from error
    if record.model not in record.files or record.settings not in record.files:
        raise ValueError(f"{folder / RECORD}: model or settings is not among its files")
    return InstalledVoice(record, folder.resolve())


def placed_voices(voices_dir: Path) -> list[PlacedVoice]:
    """The current voice of each name that was installed, readable or broken, in the order of names."""
    try:
        homes = sorted(voices_dir.iterdir())
    except OSError:  # nobody made that folder yet
        return []
    return [placed for home in homes if (placed := placed_voice(home)) is not None]


def placed_voice(home: Path) -> PlacedVoice | None:
    """The current voice in the folder of one name; None if none was installed there."""
    if not _was_installed(home):
        return None
    try:
        return read_voice(home / CURRENT)
    except (OSError, ValueError) as error:
        why = both(
            "giọng {name} đã cài nhưng bị hỏng: không đọc được {record} ({why})",
            "the voice {name} is installed but broken: {record} cannot be read ({why})",
            name=home.name, record=RECORD, why=error,
        )  # fmt: skip
        return BrokenVoice(home.name, home / CURRENT, why)


def installed_voices(voices_dir: Path) -> list[InstalledVoice]:
    """The current voice of each name whose record can be read, in the order of names."""
    return [voice for voice in placed_voices(voices_dir) if isinstance(voice, InstalledVoice)]


def chosen_voice(voices_dir: Path, name: str = "") -> PlacedVoice | None:
    """The voice of that name, or the first there is, be it whole or broken; None if there is none."""
    return next((voice for voice in placed_voices(voices_dir) if name in ("", voice.name)), None)


def _was_installed(home: Path) -> bool:
    """Whether the link is there, wherever it leads. One that may not be looked at is there, for all we know."""
    try:
        os.lstat(home / CURRENT)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def to_json(record: VoiceRecord) -> bytes:
    return msgspec.json.format(msgspec.json.encode(record), indent=2)
