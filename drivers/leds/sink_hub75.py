"""LED modules on a Raspberry Pi's own pins, through the binding of the rpi-rgb-led-matrix project.

The binding is used as it is found: an option it does not know under any of its names is left out and
told. It wants root while it takes the pins; afterwards this process is nobody special. Off a Raspberry
Pi its matrix is a null pointer and the interpreter dies cleaning it up, so the machine is looked at first.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PIL import Image
from rgbmatrix import RGBMatrix, RGBMatrixOptions

from drivers.kernel import text_of
from drivers.leds.mapping import grid_of
from drivers.leds.sink import SinkError, drop_root
from drivers.leds.wire_pixels import WirePixels

_PLAIN: Final = (
    "gpio_slowdown", "pwm_bits", "pwm_lsb_nanoseconds", "pwm_dither_bits", "row_address_type", "panel_type",
    "hardware_mapping", "led_rgb_sequence", "scan_mode", "limit_refresh_rate_hz", "disable_hardware_pulsing",
)  # fmt: skip


class Sink:
    def __init__(self, driver: str, size: tuple[int, int], options: Mapping[str, Any]) -> None:
        self._options = options
        self._grid = grid_of(*size, options)
        self._pixels = WirePixels(self._grid)
        self.picture = self._pixels.picture
        self._ignored: list[str] = []
        self._frames = 0

    def open(self) -> None:
        check_machine(self._options["procfs"], self._options["disable_hardware_pulsing"])
        self._matrix = RGBMatrix(options=self._matrix_options())
        if hasattr(self._matrix, "luminanceCorrect"):
            self._matrix.luminanceCorrect = self._options["gamma"] == 1.0
        self._canvas = self._matrix.CreateFrameCanvas()
        drop_root("hub75", self._options["user"])

    def show(self) -> None:
        self._pixels.take()
        wire: Any = self._pixels.wire  # any buffer will do, whatever Pillow's types say
        image = Image.frombuffer("RGB", self._grid.wire_px, wire, "raw", "RGB", 0, 1)
        self._canvas.SetImage(image)
        self._canvas = self._matrix.SwapOnVSync(self._canvas)
        self._frames += 1

    def facts(self) -> dict[str, Any]:
        return {"frames": self._frames, "root": os.geteuid() == 0, "ignored": " ".join(self._ignored), "error": ""}

    def close(self) -> None:
        if self._frames:
            self._matrix.Clear()

    def _matrix_options(self) -> Any:
        wanted, made = self._options, RGBMatrixOptions()
        made.cols, made.rows = self._grid.module_px
        made.chain_length, made.parallel = self._grid.chain_length, self._grid.parallel
        for name in _PLAIN:
            self._set(made, name, wanted[name])
        self._set(made, "multiplexing", wanted["panel_multiplexing"])
        self._set(made, "drop_privileges", False)  # done here, when the sink has all it needs
        if wanted["rp1"] is not None:
            self._set_rp1(made, wanted["rp1"])
        return made

    def _set(self, made: Any, name: str, value: Any) -> None:
        if value is None:
            return
        if hasattr(made, name):
            setattr(made, name, value)
        else:
            self._ignored.append(name)

    def _set_rp1(self, made: Any, way: str) -> None:
        """A Pi 5's two ways to the pins: an option `rp1_rio` in one version, `rp1_pio`, its opposite, in another."""
        if hasattr(made, "rp1_pio"):
            made.rp1_pio = int(way == "pio")
        else:
            self._set(made, "rp1_rio", int(way == "rio"))


def check_machine(procfs: Path, sound_may_stay: bool) -> None:
    """Raises SinkError where the binding would crash or end the process."""
    model = text_of(procfs / "device-tree/model")
    if not model.startswith("Raspberry Pi"):
        raise SinkError(f"hub75: needs the pins of a Raspberry Pi; this machine is {model or 'none'}")
    if not sound_may_stay and "snd_bcm2835" in text_of(procfs / "modules").split():
        raise SinkError(
            "hub75: the on-board sound (snd_bcm2835) uses the same hardware: dtparam=audio=off in config.txt, "
            "or disable_hardware_pulsing: true"
        )
