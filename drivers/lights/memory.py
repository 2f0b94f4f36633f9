"""A light sensor that says what it was told: for tests and for trying a curve out."""

from __future__ import annotations

from typing import Final

from drivers import options
from drivers.light import LightError
from drivers.options import Option

OPTIONS: Final = {"lux": Option(1000.0, options.number(0, 200_000), "what it says, in lux")}


class Driver:
    """`level` may be set at any time; None: the sensor does not answer."""

    def __init__(self, lux: float = 1000.0) -> None:
        self.level: float | None = lux

    def lux(self) -> float | None:
        if self.level is None:
            raise LightError("memory: told not to answer")
        return self.level
