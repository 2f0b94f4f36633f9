"""The Light contract: how bright it is around the board. One file in `drivers.lights` is one driver.

A sensor may take a fifth of a second to answer, so a `Meter` reads it in a thread of its own, and whoever
asks gets the last value. A sensor that fails or is not there knows nothing; the schedule then decides alone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any, Final, Protocol

from drivers.loading import driver_module
from drivers.options import read_options

log = logging.getLogger(__name__)

DRIVERS: Final = ("none", "iio", "memory")
EVERY_S: Final = 2.0


class LightError(Exception):
    """There is no such sensor, or it did not answer; the message says what to look at."""


class Light(Protocol):
    """`lux` is the light now, from 0; None from a driver without a sensor. Raises LightError."""

    def lux(self) -> float | None: ...


def create(name: str, raw: Mapping[str, Any]) -> Light:
    """The named driver with its options checked. Raises OptionError; LightError for an unknown driver."""
    module = driver_module("light", name, DRIVERS, LightError)
    light: Light = module.Driver(**read_options(name, module.OPTIONS, raw))
    return light


class Meter:
    """Reads `light` every few seconds until closed. `lux` is the last value, None while nobody knows."""

    def __init__(self, light: Light, every_s: float = EVERY_S) -> None:
        self._light = light
        self._every_s = every_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="light", daemon=True)
        self.lux: float | None = None
        self.trouble = ""

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def health(self) -> dict[str, Any]:
        return {"lux": self.lux if self.lux is None else round(self.lux, 1), "trouble": self.trouble}

    def _run(self) -> None:
        while not self._closing.is_set():
            self._read()
            self._closing.wait(self._every_s)

    def _read(self) -> None:
        try:
            self.lux, trouble = self._light.lux(), ""
        except LightError as exc:
            self.lux, trouble = None, str(exc)
        if bool(trouble) != bool(self.trouble):
            log.warning("the light sensor: %s", trouble or "answers again")
        self.trouble = trouble
