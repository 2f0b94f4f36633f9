"""HUB75 LED modules on a Raspberry Pi's own pins (rpi-rgb-led-matrix), in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from drivers import options
from drivers.leds.linked import COMMON, LinkedPanel
from drivers.leds.wire_order import ORDERS
from drivers.options import Option

SINK: Final = "hub75"
_MAPPINGS: Final = (
    "regular", "adafruit-hat", "adafruit-hat-pwm", "regular-pi1", "classic", "classic-pi1", "compute-module",
)  # fmt: skip
OPTIONS: Final = {name: option for name, option in COMMON.items() if name != "multiplex"} | {
    "gamma": Option(1.0, options.number(0.5, 4.0), "1: the library bends the values itself, in finer steps"),
    "resend_ms": Option(0, options.whole(0, 60_000), "the library keeps the picture by itself"),
    "hardware_mapping": Option("regular", options.one_of(*_MAPPINGS), "how the board between Pi and modules is wired"),
    "gpio_slowdown": Option(1, options.whole(0, 10), "0 Zero; 1 Pi 3; 2 and more Pi 4; higher where pixels flicker"),
    "pwm_bits": Option(11, options.whole(1, 11), "shades; 7 is faster"),
    "pwm_lsb_nanoseconds": Option(130, options.whole(50, 3000), "time of the darkest shade; more against ghosts"),
    "pwm_dither_bits": Option(0, options.whole(0, 2), "shades by turns: faster, a little less even"),
    "row_address_type": Option(
        0, options.whole(0, 5), "0 direct, 1 AB, 2 direct rows, 3 ABC shifted, 4 ABC, 5 shifted"
    ),
    "panel_multiplexing": Option(0, options.whole(0, 22), "the library's number of how a module's rows are wired"),
    "panel_type": Option("", str, "FM6126A or FM6127 for modules that must be woken"),
    "led_rgb_sequence": Option("RGB", options.one_of(*ORDERS), "the order of the modules' colours"),
    "scan_mode": Option(0, options.whole(0, 1), "0 row after row, 1 every other row"),
    "limit_refresh_rate_hz": Option(
        0, options.whole(0, 1000), "a steady rate flickers less on film; 0: as fast as it goes"
    ),
    "disable_hardware_pulsing": Option(False, options.yes_no, "true where the on-board sound must stay"),
    "rp1": Option(None, options.one_of("pio", "rio"), "Pi 5's way to the pins: pio easy on the processor, rio faster"),
    "user": Option("daemon", options.text, "who the helper is once it has the pins"),
    "refresh_hz": Option(60, options.whole(1, 240), "pictures a second, at most"),
    "procfs": Option(Path("/proc"), Path, "where the machine is looked up"),
}


class Driver(LinkedPanel):
    def __init__(self, width: int, height: int, **values: Any) -> None:
        super().__init__("hub75", "gpio", (width, height), values, float(values["refresh_hz"]))
