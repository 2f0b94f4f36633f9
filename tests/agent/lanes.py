"""Speech with both of its lanes running, and a voice that does as it is told."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from agent.speech import Speech
from player.model import Media, Version
from tests.waiting import DEADLINE_S
from tts.clip import Begun
from tts.clip import ClipMade as Made
from tts.voice import VoiceError

RECORDING = "a" * 64


class Maker:
    """A voice that waits until it is let go, and fails when told to."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.made: list[tuple[str, bool]] = []
        self.error: Exception | None = None
        self.recording_error: VoiceError | None = None
        self.closed = False

    def make(self, spoken: str, lang: str, *, emergency: bool = False, begun: Begun | None = None) -> Made:
        if not emergency:
            self.gate.wait(DEADLINE_S)
        if self.error:
            raise self.error
        self.made.append((spoken, emergency))
        return Made(Path(f"/x/{spoken}.wav"), 1.5, "silent", ())

    def recorded(self, file: Path, lang: str, spoken: str = "", *, emergency: bool = False) -> Made:
        if self.recording_error:
            raise self.recording_error
        self.made.append((str(file), emergency))
        return Made(Path("/x/recorded.wav"), 2.5, f"recording:{file.name}", ())

    def tones(self, *, emergency: bool = False) -> Made:
        return Made(Path(f"/x/{'siren' if emergency else 'chime'}.wav"), 2.0, "tones", ())

    def close(self) -> None:
        self.closed = True


class Rig:
    def __init__(self, maker: Any, media_dir: Path) -> None:
        self.posted: SimpleQueue[Any] = SimpleQueue()
        self.speech = Speech(maker, media_dir, self.posted.put)
        self.threads = [threading.Thread(target=lane.run) for lane in (self.speech.ordinary, self.speech.urgent)]
        for thread in self.threads:
            thread.start()

    def next(self) -> Any:
        return self.posted.get(timeout=DEADLINE_S)

    def next_but_tones(self) -> Any:
        while getattr(event := self.next(), "engine", "") == "tones":
            pass
        return event

    def close(self) -> None:
        self.speech.leave()
        for thread in self.threads:
            thread.join(DEADLINE_S)
            assert not thread.is_alive()


def spoken(text: str, lang: str = "vi") -> Version:
    return Version(lang, title=text, spoken=text)


def recorded(lang: str = "sti", spoken: str = "") -> Version:
    return Version(lang, spoken=spoken, audio=Media(RECORDING, 1, "audio/ogg"))
