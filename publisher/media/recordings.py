"""What a recording is before it is kept: its kind by its first bytes, its length by having been heard once.

The decoder is a process of its own with limits on memory and time, the same that boards use: what is
accepted here can be played there.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tts.engines.containers import HEAD_BYTES, container_of
from tts.engines.recording import VoiceRecording
from tts.voice import RATE_HZ, VoiceError


class Recording(NamedTuple):
    mime: str
    duration_s: float


class RecordingError(Exception):
    """It cannot be used; `reason` is "audio" (no sound file, or too long) or "silence" (nothing is heard in it)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def heard(path: Path) -> Recording:
    """What the recording at `path` is, its silence at both ends left out. Raises RecordingError."""
    with path.open("rb") as file:
        kind = container_of(file.read(HEAD_BYTES))
    if kind is None:
        raise RecordingError("audio")
    voice = VoiceRecording(path, "any")
    try:
        duration_s = sum(len(chunk.pcm) for chunk in voice.speak("", "any")) / (2 * RATE_HZ)
    except VoiceError as error:
        raise RecordingError("audio") from error
    finally:
        voice.close()
    if not duration_s:
        raise RecordingError("silence")
    return Recording(kind.mime, duration_s)
