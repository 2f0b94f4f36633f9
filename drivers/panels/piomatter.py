"""HUB75 LED modules on a Raspberry Pi 5's own pins (Adafruit piomatter), in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from drivers import options
from drivers.leds.linked import COMMON, LinkedPanel
from drivers.options import Option

SINK: Final = "piomatter"
OPTIONS: Final = {name: option for name, option in COMMON.items() if name != "multiplex"} | {
    "resend_ms": Option(0, options.whole(0, 60_000), "the library keeps the picture by itself"),
    "pinout": Option(
        "AdafruitMatrixBonnet", options.text, "the board's name in piomatter: AdafruitMatrixHat, Active3, …"
    ),
    "pwm_bits": Option(10, options.whole(1, 10), "shades; fewer are faster"),
    "temporal_planes": Option(4, options.one_of(0, 2, 4), "shades by turns: faster, a little less even"),
    "refresh_hz": Option(60, options.whole(1, 240), "pictures a second, at most"),
    "user": Option("daemon", options.text, "who the helper is once it has the pins"),
    "device": Option(Path("/dev/pio0"), Path, "the programmable I/O of the Pi 5"),
}


class Driver(LinkedPanel):
    def __init__(self, width: int, height: int, **values: Any) -> None:
        super().__init__("piomatter", "gpio", (width, height), values, float(values["refresh_hz"]))
