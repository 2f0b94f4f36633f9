"""Whether the voice that was put here is the one that is heard.

A voice that fails is followed by the next one, and the text is heard all the same: without a word about it nobody
would ever learn that the better voice is broken.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from agent.events import ClipMade, VoiceTrouble
from tts.install.installed import InstalledVoice, PlacedVoice, chosen_voice
from tts.times import TONES
from tts.voice import RECORDING

_PIPER: Final = "piper"


class VoiceWatch:
    """`preference`: the names of the voices, best first; installed ones are looked for in `voices_dir`."""

    def __init__(self, preference: tuple[str, ...], voices_dir: Path) -> None:
        engine, _, self._name = preference[0].partition(":")
        self._voices_dir = voices_dir if engine == _PIPER else None
        self._problem = ""
        self._spoke = ""
        self._fell_back = False

    def trouble(self, event: VoiceTrouble) -> None:
        """No voice at all could speak, or one can again."""
        self._problem = event.problem

    def made(self, event: ClipMade) -> None:
        """A clip was made, or begun. What a person says and tones alone tell nothing of a voice."""
        if event.engine == TONES or event.engine.startswith(RECORDING):
            return
        self._spoke = event.engine
        best = self._best()
        if isinstance(best, InstalledVoice) and event.lang.partition("-")[0] == best.record.language:
            self._fell_back = not event.engine.startswith(f"{_PIPER}:{best.name}@")

    def figures(self) -> dict[str, Any]:
        """For health. `spoke`: who said the last text; `fault`: what is wrong with the files of the best voice."""
        best = self._best()
        return {
            "works": "no" if self._problem else "yes",
            "problem": self._problem,
            "spoke": self._spoke,
            "installed": best.name if best else "",
            "fault": str(best.fault() or "") if best else "",
        }

    def alarms(self) -> dict[str, bool]:
        """By name, whether it is wrong."""
        best = self._best()
        fallback = best is not None and (self._fell_back or best.fault() is not None)
        return {"voice": self._problem != "", "fallback-voice": fallback}

    def _best(self) -> PlacedVoice | None:
        return chosen_voice(self._voices_dir, self._name) if self._voices_dir is not None else None
