"""The process that runs a Piper voice: phonemes by Piper's own espeak data, sound by ONNX.

The session is built by hand because Piper's loader offers no choice of threads: left alone the
runtime takes every core and spins on it while it waits, at the cost of the picture.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from piper import PiperVoice, SynthesisConfig
from piper.config import PiperConfig

from tts.bilingual import both
from tts.engines.workloop import Limits, SoundEngine, serve
from tts.install.installed import InstalledVoice, check_file, read_voice
from tts.sound.waves import Wave
from tts.voice import VoiceError


class PiperEngine(SoundEngine):
    """The voice installed in a folder. Raises VoiceError if its files are not those that were verified.

    `still`: without the chance that makes no two sayings of a voice alike, so that two voices can be compared.
    """

    def __init__(self, folder: Path, threads: int, length_scale: float, *, still: bool = False) -> None:
        installed = _verified(folder)
        self._voice = PiperVoice(config=_config(installed), session=_session(installed.model, threads))
        # normalize_audio would lift each sentence by its highest peak, 6 LU apart, only to be levelled again
        chance = 0.0 if still else None
        self._how = SynthesisConfig(
            length_scale=self._voice.config.length_scale * length_scale, normalize_audio=False,
            noise_scale=chance, noise_w_scale=chance,
        )  # fmt: skip

    def sound(self, request: Mapping[str, Any]) -> tuple[Wave, int]:
        try:
            parts = [chunk.audio_float_array for chunk in self._voice.synthesize(str(request["text"]), self._how)]
        except (RuntimeError, ValueError) as error:  # the runtime's own errors are RuntimeErrors
            raise VoiceError(
                both("giọng này không đọc được đoạn này: {why}", "the voice cannot say this piece: {why}", why=error)
            ) from error
        whole = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
        return whole, self._voice.config.sample_rate


def _verified(folder: Path) -> InstalledVoice:
    try:
        installed = read_voice(folder)
    except (OSError, ValueError) as error:
        raise VoiceError(
            both("không có giọng đọc được trong {folder}: {why}", "no voice can be read in {folder}: {why}",
                 folder=folder, why=error)
        ) from error  # fmt: skip
    for name, fact in installed.record.files.items():
        check_file(folder / name, fact)
    return installed


def _config(installed: InstalledVoice) -> PiperConfig:
    try:
        raw = json.loads(installed.settings.read_text(encoding="utf-8"))
        if installed.record.espeak_voice:
            raw["espeak"]["voice"] = installed.record.espeak_voice
        return PiperConfig.from_dict(raw)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VoiceError(
            both("{file} không phải là cấu hình của một giọng Piper: {why}",
                 "{file} is not a Piper voice's settings: {why}", file=installed.settings.name, why=repr(error))
        ) from error  # fmt: skip


def _session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # a plan kept for every length of piece costs 85 MB over a long text, and time
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime raises classes of its own that share no other base
        raise VoiceError(
            both("không nạp được {file}: {why}", "{file} cannot be loaded: {why}", file=model.name, why=error)
        ) from error


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--voice", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--length-scale", type=float, required=True)
    parser.add_argument("--memory-mb", type=int, required=True)
    given = parser.parse_args()
    logging.getLogger("piper").setLevel(logging.ERROR)  # a missing phoneme would be reported for every word
    return serve(lambda: PiperEngine(given.voice, given.threads, given.length_scale), Limits(given.memory_mb))


if __name__ == "__main__":
    sys.exit(main())
