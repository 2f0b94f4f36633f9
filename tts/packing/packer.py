"""An int8 copy of an installed voice, for boards with little memory: a quarter of the file, a third less memory.

It needs the package `onnx`, which no board has: pack on a larger machine and carry the folder.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path
from typing import Final

import msgspec
import yaml

from tts.bilingual import Said, both, heard
from tts.engines.worklink import python_module
from tts.install.installed import InstalledVoice, VoiceRecord, read_voice
from tts.voice import VoiceError

INT8: Final = "int8"
MANIFEST: Final = "voices.yaml"
_LIMIT_S: Final = 600.0


def pack_int8(voice: InstalledVoice, target: Path) -> tuple[VoiceRecord, dict[str, float]]:
    """Make the copy in the folder `target`, with a manifest beside it that `bangtin voice install` takes.

    Tells how far it lies from the original (`tts.packing.likeness.Likeness`).

    Raises VoiceError if it cannot be made, or does not sound like the original.
    """
    if voice.record.packing:
        raise VoiceError(
            both("giọng {name} đã là bản nén ({how})", "{name} is packed already ({how})",
                 name=voice.name, how=voice.record.packing)
        )  # fmt: skip
    if importlib.util.find_spec("onnx") is None:
        raise VoiceError(
            both("muốn nén phải có gói onnx: {how}", "packing needs the package onnx: {how}",
                 how="pip install 'bangtin[voices]'")
        )  # fmt: skip
    try:
        target.mkdir(parents=True, exist_ok=True)
        told = _run(voice.folder, target)
        packed = read_voice(target)
        (target / MANIFEST).write_text(_manifest(packed.record), encoding="utf-8")
    except OSError as error:
        raise VoiceError(
            both("không ghi được vào {it}: {why}", "{it} cannot be written: {why}", it=target, why=error)
        ) from error
    return packed.record, told


def _run(source: Path, target: Path) -> dict[str, float]:
    command = python_module("tts.packing.pack_worker", "--voice", str(source.resolve()), "--to", str(target.resolve()))
    root = Path(__file__).resolve().parents[2]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_LIMIT_S, check=False, cwd=root)
    except subprocess.TimeoutExpired as error:
        raise VoiceError(
            both("nén quá {limit:g} giây chưa xong", "packing took longer than {limit:g} s", limit=_LIMIT_S)
        ) from error
    try:
        told = json.loads(done.stdout)
    except ValueError as error:
        raise VoiceError(
            both("việc nén dừng với mã {status}: {why}", "packing ended with status {status}: {why}",
                 status=done.returncode, why=_last_line(done.stderr))
        ) from error  # fmt: skip
    if "error" in told:
        raise VoiceError(heard(str(told["error"])))
    return {str(key): float(value) for key, value in told.items()}


def _last_line(told: bytes) -> Said:
    lines = told.decode(errors="replace").strip().splitlines()
    return heard(lines[-1]) if lines else Said("không nói vì sao", "no word why")


def _manifest(record: VoiceRecord) -> str:
    form = msgspec.to_builtins(record)
    return yaml.safe_dump({form.pop("name"): form}, allow_unicode=True, sort_keys=False)
