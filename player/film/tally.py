"""How the frames of one film come to the panel: counted for health, and at what pace they follow each other."""

from __future__ import annotations

from typing import Any, Final

_US: Final = 1_000_000
_UNEVEN: Final = 1.5  # times as long as the shortest step: stamps of 33 and 34 ms are one pace, 24 in 60 none of ours


class Tally:
    """`frame_s` is a frame of the panel: one that comes up later than that after its time stamp is late."""

    def __init__(self, frame_s: float) -> None:
        self._frame_s = frame_s
        self._last_us: int | None = None
        self._broken: tuple[int, int] = (0, 0)
        self._steps_us: tuple[int, int] | None = None  # the shortest and the longest between two frames
        self.shown = self.late = 0

    def show(self, pts_us: int, offset_s: float, jumps: int, skipped: int) -> None:
        """The frame with this time stamp is up, at `offset_s` of the film.

        `jumps` and `skipped` count what lies behind: after a jump the frame that is due may have been so for long,
        and a step across frames that were left out says nothing of the pace.
        """
        jumped = self._last_us is None or jumps != self._broken[0]
        if not jumped and pts_us == self._last_us:  # drawn once more, because the page was
            return
        self.shown += 1
        self.late += not jumped and offset_s - pts_us / _US > self._frame_s
        if not jumped and self._last_us is not None and skipped == self._broken[1]:
            self._step(pts_us - self._last_us)
        self._last_us, self._broken = pts_us, (jumps, skipped)

    @property
    def pace(self) -> str:
        """`even`, or `varying` where the time stamps have no common step; empty while nobody can tell."""
        if self._steps_us is None:
            return ""
        shortest, longest = self._steps_us
        return "varying" if longest > _UNEVEN * shortest else "even"

    def health(self) -> dict[str, Any]:
        return {"shown": self.shown, "late": self.late, "pace": self.pace}

    def _step(self, step_us: int) -> None:
        shortest, longest = self._steps_us or (step_us, step_us)
        self._steps_us = min(shortest, step_us), max(longest, step_us)
