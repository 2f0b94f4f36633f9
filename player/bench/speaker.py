"""How long a loudspeaker takes to begin, and what two lanes cost: `bangtin bench speaker`.

Each key gives `{"value", "ours", "baseline", "unit", "n"}`; there is nothing to compare with, so that `baseline` is
null. The devices are files, so that any machine can measure: what a real card adds
is its own buffer (`buffer_ms` of the ALSA driver).
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
import threading
import time
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click

from drivers import speaker
from drivers.speaker import RATE_HZ
from drivers.speakers.ducking import Ducking, blend
from player.bench.figures import measured

_ROUNDS: Final = 15
_LIMIT_S: Final = 5.0
_CLIP: Final = array("h", [1000] * (RATE_HZ // 2)).tobytes()
_WAV_HEADER_BYTES: Final = 44


def start_to_sound_ms(driver: str) -> dict[str, Any]:
    """From `play` to the first sample in the file that stands for the card; the median."""
    with tempfile.TemporaryDirectory() as work:
        times = [_start_ms(driver, Path(work) / str(number)) for number in range(_ROUNDS)]
    return _figure(times, "ms")


def mixing_ms() -> dict[str, Any]:
    """A second of speech over a second of film, both lanes at work."""
    ducking, times = Ducking(), []
    ducking.step(1.0, True)
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        blend(_CLIP * 2, _CLIP * 2, 0.8, ducking, True)
        times.append((time.perf_counter() - started) * 1000)
    return _figure(times, "ms of work a second of sound")


def _figure(times: Sequence[float], unit: str) -> dict[str, Any]:
    middle = statistics.median(times)
    return measured(middle, middle, None, unit, len(times))


def _start_ms(driver: str, folder: Path) -> float:
    folder.mkdir()
    heard = folder / ("clip-000001.part" if driver == "wav" else "heard.raw")
    says = speaker.create(driver, _OPTIONS[driver](folder, heard))
    says.open()
    try:
        started = time.perf_counter()
        says.play([_CLIP])
        _wait(lambda: _sounds(heard))
        return (time.perf_counter() - started) * 1000
    finally:
        says.close()


def _wav(folder: Path, heard: Path) -> dict[str, Any]:
    return {"folder": str(folder), "realtime": True}


def _alsa(folder: Path, heard: Path) -> dict[str, Any]:
    settings = folder / "asound.conf"
    settings.write_text(f'pcm.file {{ type file file "{heard}" format raw slave.pcm {{ type null }} }}\n')
    os.environ["ALSA_CONFIG_PATH"] = str(settings)
    return {"device": "file"}


def _sdl(folder: Path, heard: Path) -> dict[str, Any]:
    os.environ["SDL_DISKAUDIOFILE"] = str(heard)
    return {"audio_driver": "disk"}


_OPTIONS: Final[dict[str, Callable[[Path, Path], dict[str, Any]]]] = {"sdl": _sdl, "alsa": _alsa, "wav": _wav}


def _sounds(file: Path) -> bool:
    return file.exists() and any(file.read_bytes()[_WAV_HEADER_BYTES:])


def _wait(condition: Callable[[], bool]) -> None:
    turn, deadline_s = threading.Event(), time.monotonic() + _LIMIT_S
    while not condition():
        if time.monotonic() > deadline_s:
            raise click.ClickException(f"no sound came within {_LIMIT_S:g} s")
        turn.wait(0.0005)


def starts() -> dict[str, Any]:
    """Every driver whose device can be a file."""
    figures: dict[str, Any] = {}
    for driver in _OPTIONS:
        missing = driver == "alsa" and shutil.which("aplay") is None
        figures[driver] = {"not_measured": "aplay is not installed"} if missing else start_to_sound_ms(driver)
    return figures


KEYS: Final[dict[str, Callable[[], dict[str, Any]]]] = {"start_to_sound_ms": starts, "mixing_ms": mixing_ms}


@click.command("speaker")
@click.option("--only", type=click.Choice(list(KEYS)), help="Measure this key alone.")
def command(only: str | None) -> None:
    """Measure how soon sound begins, and what mixing costs: one JSON object on standard output."""
    figures = {key: measure() for key, measure in KEYS.items() if only in (None, key)}
    click.echo(json.dumps(figures, indent=1))
