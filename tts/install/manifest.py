"""The manifest of known voices: what each one's files must be before this house speaks with them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
import yaml

from tts.bilingual import Said, both, reason
from tts.install.installed import VoiceRecord

BUILT_IN: Final = Path(__file__).parents[1] / "data" / "voices.yaml"


class ManifestError(Exception):
    """The manifest cannot be read, or does not hold the voice that was asked for."""


def load_manifest(file: Path = BUILT_IN) -> Mapping[str, VoiceRecord]:
    """Voices by name. Raises ManifestError naming the file, the voice and the field at fault."""
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ManifestError(
            both("không đọc được danh mục giọng {file}: {why}", "the list of voices {file} cannot be read: {why}",
                 file=file, why=error)
        ) from error  # fmt: skip
    if not isinstance(raw, dict):
        raise ManifestError(
            both("{file}: phải là các giọng «tên: các mục»", "{file}: voices by name were expected", file=file)
        )
    return {str(name): _record(file, str(name), entry) for name, entry in raw.items()}


def lookup(manifest: Mapping[str, VoiceRecord], name: str) -> VoiceRecord:
    if name in manifest:
        return manifest[name]
    near = difflib.get_close_matches(name, manifest, n=1)
    hint = both("; ý bạn là {it!r}?", "; did you mean {it!r}?", it=near[0]) if near else Said(".", ".")
    known = Said(", ".join(manifest), ", ".join(manifest)) if manifest else Said("chưa có giọng nào", "none")
    raise ManifestError(
        both("không có giọng {name!r} trong danh mục{hint} Danh mục có: {known}.",
             "there is no voice {name!r} in the manifest{hint} Known are {known}.", name=name, hint=hint, known=known)
    )  # fmt: skip


def _record(file: Path, name: str, entry: object) -> VoiceRecord:
    try:
        record = msgspec.convert({"name": name, **entry} if isinstance(entry, dict) else entry, VoiceRecord)
    except msgspec.ValidationError as error:
        raise _at(file, name, reason(error)) from error
    names = [name, *record.files]
    if any("/" in part or part.startswith(".") for part in names):
        raise _at(file, name, Said("tên phải là một tên tệp, không có thư mục", "a name must be a plain file name"))
    if record.model not in record.files or record.settings not in record.files:
        wrong = Said("model và settings phải nằm trong files", "model and settings must be among its files")
        raise _at(file, name, wrong)
    return record


def _at(file: Path, name: str, wrong: Said) -> ManifestError:
    return ManifestError(
        both("{file}: giọng {name!r}: {wrong}", "{file}: voice {name!r}: {wrong}", file=file, name=name, wrong=wrong)
    )
