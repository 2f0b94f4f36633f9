"""The process that makes an int8 copy of a voice and compares the two: a heavy library, needed once.

Prints one JSON object: the likeness of the copy, or `error`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
from onnxruntime.quantization import QuantType, quantize_dynamic

from tts.bilingual import both, joined, reason
from tts.engines.piper_worker import PiperEngine
from tts.install.installed import RECORD, FileFact, VoiceRecord, read_voice, to_json
from tts.packing.likeness import Likeness, compare
from tts.packing.packer import INT8
from tts.sound.waves import Wave, resample
from tts.voice import VoiceError


def pack(source: Path, target: Path) -> Likeness:
    """Into the empty folder `target`: the voice of `source` with its weights in eight bits, and its record.

    Only the weights are rounded; the rest is worked out as before (dynamic quantisation). Raises VoiceError.
    """
    voice = read_voice(source)
    model = target / f"{Path(voice.record.model).stem}.int8.onnx"
    try:
        quantize_dynamic(voice.model, model, weight_type=QuantType.QUInt8)
        shutil.copyfile(voice.settings, target / voice.record.settings)
    except Exception as error:  # the library raises whatever its own parts do
        raise VoiceError(
            both("không nén được {file}: {why}", "{file} cannot be packed: {why}", file=voice.record.model, why=error)
        ) from error
    (target / RECORD).write_bytes(to_json(_record(voice.record, target, model.name)))
    try:
        likeness = compare(_sayer(source), _sayer(target))
    except ValueError as error:
        raise VoiceError(
            both("bản nén không đọc được: {why}", "the packed voice does not speak: {why}", why=error)
        ) from error
    if faults := likeness.faults():
        raise VoiceError(
            both("bản nén int8 nghe không giống giọng {name}: {faults}",
                 "the int8 copy does not sound like {name}: {faults}", name=voice.name, faults=joined(faults))
        )  # fmt: skip
    return likeness


def _record(of: VoiceRecord, folder: Path, model: str) -> VoiceRecord:
    files = {name: _fact(folder / name) for name in (model, of.settings)}
    return msgspec.structs.replace(of, model=model, files=files, packing=INT8, path="")


def _fact(file: Path) -> FileFact:
    data = file.read_bytes()
    return FileFact(len(data), hashlib.sha256(data).hexdigest())


def _sayer(folder: Path) -> Callable[[str], Wave]:
    engine = PiperEngine(folder, threads=1, length_scale=1.0, still=True)
    return lambda sentence: resample(*engine.sound({"text": sentence}))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--voice", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    logging.getLogger().setLevel(logging.ERROR)  # the library advises every time what does not matter here
    logging.getLogger("piper").setLevel(logging.ERROR)
    try:
        told: dict[str, object] = pack(given.voice, given.to)._asdict()
    except (VoiceError, OSError, ValueError) as error:
        told = {"error": reason(error).lines}
    sys.stdout.write(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
