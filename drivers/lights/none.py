"""No light sensor: brightness follows the schedule alone."""

from __future__ import annotations

from typing import Final

from drivers.options import Option

OPTIONS: Final[dict[str, Option]] = {}


class Driver:
    def lux(self) -> float | None:
        return None
