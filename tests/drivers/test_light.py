"""Light sensors: one contract, the kernel's files, and a meter that makes nobody wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from drivers import light
from drivers.light import Light, LightError, Meter
from drivers.lights.memory import Driver as MemoryLight
from drivers.options import OptionError

WaitUntil = Callable[[Callable[[], bool]], None]
FakeTree = Callable[[Mapping[str, str]], Path]
SENSOR = "bus/iio/devices/iio:device0"


@pytest.fixture(params=light.DRIVERS)
def sensor(request: pytest.FixtureRequest, tree: FakeTree) -> Light:
    sysfs = tree({f"{SENSOR}/name": "bh1750\n", f"{SENSOR}/in_illuminance_raw": "1200\n"})
    options: dict[str, dict[str, object]] = {"none": {}, "memory": {"lux": 1200}, "iio": {"sysfs": str(sysfs)}}
    return light.create(request.param, options[request.param])


def test_says_a_number_of_lux_or_that_it_has_none(sensor: Light) -> None:
    assert sensor.lux() in {None, 1200.0}


@pytest.mark.parametrize(
    ("files", "lux"),
    [
        ({"in_illuminance_raw": "600", "in_illuminance_scale": "0.833333"}, 500.0),
        ({"in_illuminance_raw": "90", "in_illuminance_scale": "2", "in_illuminance_offset": "10"}, 200.0),
        ({"in_illuminance_input": "321.5", "in_illuminance_raw": "7"}, 321.5),
    ],
)
def test_reads_the_kernel_s_value_as_its_documentation_says(tree: FakeTree, files: dict[str, str], lux: float) -> None:
    sysfs = tree({f"{SENSOR}/name": "veml7700", **{f"{SENSOR}/{name}": text + "\n" for name, text in files.items()}})
    assert light.create("iio", {"sysfs": str(sysfs)}).lux() == pytest.approx(lux, abs=0.01)


def test_takes_the_named_one_of_several_and_passes_over_what_measures_no_light(tree: FakeTree) -> None:
    devices = "bus/iio/devices/iio:device"
    sysfs = tree(
        {
            f"{devices}0/name": "bme280\n", f"{devices}0/in_temp_input": "30000\n",
            f"{devices}1/name": "bh1750\n", f"{devices}1/in_illuminance_raw": "11\n",
            f"{devices}2/name": "tsl2591\n", f"{devices}2/in_illuminance_raw": "22\n",
        }
    )  # fmt: skip
    assert light.create("iio", {"sysfs": str(sysfs)}).lux() == 11
    assert light.create("iio", {"sysfs": str(sysfs), "sensor": "tsl2591"}).lux() == 22
    with pytest.raises(LightError, match="no light sensor vem: there are bh1750, tsl2591"):
        light.create("iio", {"sysfs": str(sysfs), "sensor": "vem"}).lux()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"bus/iio/none": ""}, "no light sensor: the kernel knows none .*bh1750"),
        ({f"{SENSOR}/name": "bh1750", f"{SENSOR}/in_illuminance_raw": "?"}, "iio:device0: the sensor does not answer"),
    ],
)
def test_a_sensor_that_is_not_there_or_does_not_answer_is_told(
    tree: FakeTree, files: dict[str, str], says: str
) -> None:
    with pytest.raises(LightError, match=says):
        light.create("iio", {"sysfs": str(tree(files))}).lux()


def test_an_unknown_driver_and_an_unknown_option_are_named() -> None:
    with pytest.raises(LightError, match="'bh1750'; there are none, iio, memory"):
        light.create("bh1750", {})
    with pytest.raises(OptionError, match=r"iio: no option 'senser'.*did you mean 'sensor'"):
        light.create("iio", {"senser": "bh1750"})


@pytest.fixture
def told() -> Iterator[tuple[MemoryLight, Meter]]:
    source = MemoryLight(100.0)
    meter = Meter(source, every_s=0.005)
    yield source, meter
    meter.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "light"]


def test_the_meter_follows_the_sensor(told: tuple[MemoryLight, Meter], wait_until: WaitUntil) -> None:
    source, meter = told
    assert meter.lux is None
    meter.start()
    wait_until(lambda: meter.lux == 100.0)
    source.level = 7.25
    wait_until(lambda: meter.health() == {"lux": 7.2, "trouble": ""})


def test_a_sensor_that_fails_is_unknown_until_it_answers_again(
    told: tuple[MemoryLight, Meter], wait_until: WaitUntil
) -> None:
    source, meter = told
    source.level = None
    meter.start()
    wait_until(lambda: meter.health() == {"lux": None, "trouble": "memory: told not to answer"})
    source.level = 3.0
    wait_until(lambda: meter.health() == {"lux": 3.0, "trouble": ""})
