"""The manifest of known voices: what each one's files must be before this house speaks with them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
import yaml

from tts.install.installed import VoiceRecord

BUILT_IN: Final = Path(__file__).parents[1] / "data" / "voices.yaml"


class ManifestError(Exception):
    """The manifest cannot be read, or does not hold the voice that was asked for."""


def load_manifest(file: Path = BUILT_IN) -> Mapping[str, VoiceRecord]:
    """Voices by name. Raises ManifestError naming the file, the voice and the field at fault."""
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ManifestError(f"{file}: {error}") from error
    if not isinstance(raw, dict):
        raise ManifestError(f"{file}: voices by name were expected")
    return {str(name): _record(file, str(name), entry) for name, entry in raw.items()}


def lookup(manifest: Mapping[str, VoiceRecord], name: str) -> VoiceRecord:
    if name in manifest:
        return manifest[name]
    near = difflib.get_close_matches(name, manifest, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise ManifestError(f"there is no voice {name!r} in the manifest{hint} Known are {', '.join(manifest) or 'none'}.")


def _record(file: Path, name: str, entry: object) -> VoiceRecord:
    try:
        record = msgspec.convert({"name": name, **entry} if isinstance(entry, dict) else entry, VoiceRecord)
    except msgspec.ValidationError as error:
        raise ManifestError(f"{file}: voice {name!r}: {error}") from error
    names = [name, *record.files]
    if any("/" in part or part.startswith(".") for part in names):
        raise ManifestError(f"{file}: voice {name!r}: a name must be a plain file name")
    if record.model not in record.files or record.settings not in record.files:
        raise ManifestError(f"{file}: voice {name!r}: model and settings must be among its files")
    return record
