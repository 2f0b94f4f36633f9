"""A recording as it is kept and sent: whatever was brought, as Opus at the house's loudness, small enough for any link.

Decoding and encoding are a process of its own with limits on memory and time. Nothing of the file
that was brought goes on to the boards but its sound.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tts.engines.containers import HEAD_BYTES, OGG, container_of
from tts.engines.recording import pack
from tts.voice import VoiceError

MIME: Final = OGG.mime


class RecordingError(Exception):
    """It cannot be used; `reason` is "audio" (no sound file, or too long) or "silence" (nothing is heard in it)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normalise(path: Path, target: Path) -> float:
    """Write the recording at `path` to `target` as it is sent; its length in seconds, silence at its ends left out.

    Raises RecordingError, and then there may be a useless `target`.
    """
    with path.open("rb") as file:
        if container_of(file.read(HEAD_BYTES)) is None:
            raise RecordingError("audio")
    try:
        duration_s = pack(path, target)
    except VoiceError as error:
        raise RecordingError("audio") from error
    if not duration_s:
        raise RecordingError("silence")
    return duration_s
