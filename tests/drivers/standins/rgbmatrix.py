"""Stands in for the HUB75 binding: RGBMatrixEmulator under its name, each shown frame left in a file for the test."""

from __future__ import annotations

import os
from typing import Any

from RGBMatrixEmulator import RGBMatrix as EmulatedMatrix
from RGBMatrixEmulator import RGBMatrixOptions as EmulatedOptions

from drivers.panels import emulator as panel_emulator

_OUT = os.open(os.environ["STANDIN_FRAME"], os.O_RDWR | os.O_CREAT, 0o666)  # before root is given up
_LACKING = os.environ.get("STANDIN_LACKS", "").split()


def RGBMatrixOptions() -> Any:  # noqa: N802 -- the binding's own name
    with panel_emulator._in_folder_with(panel_emulator.SETTINGS):
        options = EmulatedOptions()
    options.display_adapter = panel_emulator._Adapter
    for name in os.environ.get("STANDIN_HAS", "").split():
        setattr(options, name, None)
    for name in _LACKING:
        delattr(options, name)
    return options


class RGBMatrix(EmulatedMatrix):
    def __init__(self, options: Any) -> None:
        super().__init__(options=options)
        names = (*os.environ.get("STANDIN_HAS", "").split(), "gpio_slowdown")
        os.write(_OUT, " ".join(f"{name}={getattr(options, name)}" for name in names).encode().ljust(200))

    def SwapOnVSync(self, canvas: Any, framerate_fraction: int = 1) -> Any:  # noqa: N802
        shown = super().SwapOnVSync(canvas, framerate_fraction)
        os.pwrite(_OUT, canvas.display_adapter.pixels.tobytes(), 200)
        return shown
