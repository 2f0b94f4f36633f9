"""A light sensor the kernel knows (industrial I/O): BH1750, VEML7700, TSL2591 and others on I²C.

On a Raspberry Pi one line of config.txt makes it known: dtparam=i2c_arm=on and dtoverlay=i2c-sensor,bh1750.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from drivers import options
from drivers.kernel import number_in, text_of
from drivers.light import LightError
from drivers.options import Option

OPTIONS: Final = {
    "sensor": Option(None, options.text, "its name, such as bh1750, where there are several; none: the first"),
    "sysfs": Option(Path("/sys"), Path, "where the kernel's device tree is looked up"),
}


class Driver:
    def __init__(self, sensor: str | None = None, sysfs: Path = Path("/sys")) -> None:
        self._sensor = sensor
        self._sysfs = sysfs

    def lux(self) -> float | None:
        """The processed value where there is one, else (raw + offset) × scale (kernel ABI, sysfs-bus-iio)."""
        folder = self._folder()
        ready = number_in(folder / "in_illuminance_input")
        if ready is not None:
            return ready
        raw = number_in(folder / "in_illuminance_raw")
        if raw is None:
            raise LightError(f"iio: {folder}: the sensor does not answer")
        scale, offset = number_in(folder / "in_illuminance_scale"), number_in(folder / "in_illuminance_offset")
        return (raw + (offset or 0.0)) * (1.0 if scale is None else scale)

    def _folder(self) -> Path:
        """Looked up each time: the number of a device changes when it is plugged in again."""
        names = []
        for folder in sorted((self._sysfs / "bus/iio/devices").glob("iio:device*")):
            if any((folder / f"in_illuminance_{kind}").exists() for kind in ("input", "raw")):
                name = text_of(folder / "name")
                if self._sensor in (None, name):
                    return folder
                names.append(name)
        there = f"there are {', '.join(names)}" if names else "the kernel knows none (dtoverlay=i2c-sensor,bh1750?)"
        raise LightError(f"iio: no light sensor {self._sensor or ''}: {there}".replace(" :", ":"))
