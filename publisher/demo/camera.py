"""Reads a running screen page by page: sets the instant the player lives in, waits until it stands, takes the frame."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pygame

from drivers.exported import Exported, ExportedFrame
from publisher.demo.children import Children, DemoError
from publisher.demo.screen import VirtualScreen

STEP_S: Final = 3.5  # a page stands at least four seconds, see player.scene
SCROLL_STEP_S: Final = 1.0
SETTLE_LIMIT_S: Final = 10.0


class Camera:
    """Looks at one virtual screen from outside: its status file and the last frame its panel presented."""

    def __init__(self, screen: VirtualScreen) -> None:
        self._screen = screen

    def status(self) -> dict[str, Any]:
        """The player's own word on itself; empty before it has said anything."""
        try:
            found: dict[str, Any] = json.loads((self._screen.run_dir / "player.json").read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def shows(self, uid: str) -> bool:
        status = self.status()
        return bool(status.get("settled")) and status["showing"]["item"] == uid

    def frame(self) -> Exported:
        """The last presented frame."""
        return ExportedFrame.open(self._screen.export).read()

    def presented_at(self) -> datetime:
        return datetime.fromtimestamp(self.frame().real_ns / 1e9, UTC)

    def read_all(self, uid: str, out: Path, name: str, children: Children) -> list[str]:
        """PNG files `name-NNN.png` in `out`: each page, and of a scroll enough positions to read it all."""
        first = self.status()["slot"]
        start, end = datetime.fromisoformat(first["start"]), datetime.fromisoformat(first["end"])
        files: list[str] = []
        seen: tuple[int, list[int]] | None = None
        instant = max(start, start + timedelta(seconds=0.5))
        while instant < end:
            status = self._at(instant, children)
            if status["showing"]["item"] != uid:
                break
            place = (status["showing"]["page"], status["strips_px"])
            if seen is None or self._moved(seen, place):
                seen = place
                files.append(f"{name}-{len(files) + 1:03}.png")
                self._save(out / files[-1])
            instant += timedelta(seconds=SCROLL_STEP_S if status["strips_px"] else STEP_S)
        if not files:
            raise DemoError(f"{self._screen.spec.label}: không thấy tin / the bulletin was never seen")
        return files

    def _at(self, instant: datetime, children: Children) -> dict[str, Any]:
        """The status once the player stands at `instant`."""
        self._screen.set_clock(instant.isoformat())
        found: dict[str, Any] = {}

        def stands() -> bool:
            found.clear()
            found.update(self.status())
            reached = found.get("instant") and datetime.fromisoformat(found["instant"]) >= cut(instant)
            return bool(reached and found["settled"])

        children.wait_for(f"{self._screen.spec.label}: {instant:%H:%M:%S}", stands, SETTLE_LIMIT_S)
        return found

    def _moved(self, seen: tuple[int, list[int]], place: tuple[int, list[int]]) -> bool:
        """Another page, or so much further that a line cut off at one edge is whole in one of the two pictures."""
        if seen[0] != place[0] or len(seen[1]) != len(place[1]):
            return True
        limit_px = min(self._screen.spec.height_px, self._screen.spec.width_px) // 3
        return any(abs(now - before) >= limit_px for before, now in zip(seen[1], place[1], strict=True))

    def _save(self, path: Path) -> None:
        frame = self.frame()
        pygame.image.save(pygame.image.frombytes(frame.rgb, (frame.w, frame.h), "RGB"), path)


def cut(instant: datetime) -> datetime:
    """Milliseconds are all a status tells."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
