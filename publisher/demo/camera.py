"""Reads a running screen page by page: sets the instant the player lives in, waits until it stands, takes the frame."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pygame

from drivers.exported import Exported, ExportedFrame
from publisher.demo.children import Children, DemoError
from publisher.demo.screen import VirtualScreen

SETTLE_LIMIT_S: Final = 60.0


class Camera:
    """Looks at one virtual screen from outside: its status file and the last frame its panel presented."""

    def __init__(self, screen: VirtualScreen) -> None:
        self._screen = screen

    def shows(self, uid: str) -> bool:
        status = self._screen.status()
        return bool(status.get("settled")) and status["showing"]["item"] == uid

    def frame(self) -> Exported:
        """The last presented frame."""
        return ExportedFrame.open(self._screen.export).read()

    def presented_at(self) -> datetime:
        return datetime.fromtimestamp(self.frame().real_ns / 1e9, UTC)

    def read_all(self, uid: str, out: Path, name: str, children: Children) -> list[str]:
        """PNG files `name-NNN.png` in `out`: each page, and of a scroll enough positions to read it all.

        The instants are those the player itself names for what it shows. Raises DemoError if there are none.
        """
        files: list[str] = []
        for instant in self._screen.status()["read_at"]:
            if self._at(datetime.fromisoformat(instant), children)["showing"]["item"] != uid:
                break
            files.append(f"{name}-{len(files) + 1:03}.png")
            self._save(out / files[-1])
        if not files:
            raise DemoError(f"{self._screen.spec.label}: không thấy tin / the bulletin was never seen")
        return files

    def _at(self, instant: datetime, children: Children) -> dict[str, Any]:
        """The status once the player stands at `instant`."""
        self._screen.set_clock(instant.isoformat())
        found: dict[str, Any] = {}

        def stands() -> bool:
            found.clear()
            found.update(self._screen.status())
            reached = found.get("instant") and datetime.fromisoformat(found["instant"]) >= cut(instant)
            return bool(reached and found["settled"])

        children.wait_for(f"{self._screen.spec.label}: {instant:%H:%M:%S}", stands, SETTLE_LIMIT_S)
        return found

    def _save(self, path: Path) -> None:
        frame = self.frame()
        pygame.image.save(pygame.image.frombytes(frame.rgb, (frame.w, frame.h), "RGB"), path)


def cut(instant: datetime) -> datetime:
    """Milliseconds are all a status tells."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
