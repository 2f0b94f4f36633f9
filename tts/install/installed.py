"""Piper voices on the disk: `<voices>/<name>/<first 8 of the model's hash>/` and a link `current` to one of them.

Beside the two files of a voice lies `voice.json`, the record of what was verified when it was installed.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import msgspec

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

    def fault(self) -> str:
        """Empty if both files have their full length, else what is wrong. Hashes are checked on loading."""
        for name, fact in self.record.files.items():
            try:
                size = (self.folder / name).stat().st_size
            except OSError as error:
                return f"{name} of voice {self.record.name} cannot be read: {error.strerror}"
            if size != fact.size:
                return f"{name} of voice {self.record.name} has {size} bytes, not {fact.size}"
        return ""


def check_file(file: Path, fact: FileFact) -> None:
    """Raises VoiceError unless the file has that size and SHA-256."""
    digest = hashlib.sha256()
    try:
        with open(file, "rb") as source:
            while block := source.read(_BLOCK):
                digest.update(block)
        size = file.stat().st_size
    except OSError as error:
        raise VoiceError(f"{file.name} cannot be read: {error.strerror}") from error
    if size != fact.size:
        raise VoiceError(f"{file.name} has {size} bytes, not {fact.size}")
    if digest.hexdigest() != fact.sha256:
        raise VoiceError(f"{file.name} is not the file that was verified: SHA-256 {digest.hexdigest()[:12]}…")


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


def installed_voices(voices_dir: Path) -> list[InstalledVoice]:
    """The current voice of each name, in the order of names; folders that hold none are passed over."""
    found = []
    for link in sorted(voices_dir.glob(f"*/{CURRENT}")):
        try:
            found.append(read_voice(link))
        except (OSError, ValueError):
            continue
    return found


def installed_voice(voices_dir: Path, name: str = "") -> InstalledVoice | None:
    """The current voice of that name, or the first there is; None if there is none."""
    return next((voice for voice in installed_voices(voices_dir) if name in ("", voice.record.name)), None)


def to_json(record: VoiceRecord) -> bytes:
    return msgspec.json.format(msgspec.json.encode(record), indent=2)
