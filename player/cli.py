"""The player's commands for people: try a file, print what will show, list the panels."""

from __future__ import annotations

import difflib
import json
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click
import yaml

from config.faults import ConfigError
from config.loader import load_screen
from config.logs import set_up
from config.settings import ScreenSettings
from drivers.loading import driver_module
from drivers.options import OptionError
from drivers.panel import DRIVERS, PanelError
from player import app, listing, trial
from player.clock import SettableClock, ShiftedClock, WallClock, parse_instant
from player.show import PanelShape
from player.trial import LocalSource, TrialError

SETTINGS: Final = Path("/etc/bangtin/screen.yaml")
STATE_DIR: Final = Path("/var/lib/bangtin")


def _size(_: click.Context, option: click.Parameter, value: str) -> tuple[int, int]:
    width, _x, height = value.lower().partition("x")
    if width.isdecimal() and height.isdecimal() and 32 <= int(width) <= 7680 and 16 <= int(height) <= 7680:
        return int(width), int(height)
    raise click.BadParameter(f"{value!r}: write width x height, for instance 1920x1080 (32x16 to 7680x7680)")


def _instant(_: click.Context, option: click.Parameter, value: str | None) -> datetime | None:
    try:
        return None if value is None else parse_instant(value)
    except ValueError as exc:
        raise click.BadParameter(f"{exc}; for instance 2025-09-02T07:30+07:00") from exc


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--panel", "driver", type=click.Choice(DRIVERS), default="sdl", show_default=True, help="Where to show.")
@click.option(
    "--size", metavar="WxH", callback=_size, default="1280x720", show_default=True, help="Size of the panel in pixels."
)
@click.option("--kind", type=click.Choice(["hdmi", "led"]), help="Default: led for the emulator, else hdmi.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for --panel png (every page) and export files.")
@click.option("--at", "start", metavar="ISO", callback=_instant, help="Begin as if it were this instant.")
@click.option("--seconds", type=click.FloatRange(min=0.1), help="Stop after that long.")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="Settings of the screen of this machine."
)
def play(*, file: Path, driver: str, size: tuple[int, int], kind: str | None, out: Path | None,
         start: datetime | None, seconds: float | None, config_file: Path | None) -> None:  # fmt: skip
    """Show a local playlist (JSON) or text FILE in a window, as PNG files, or on the LED emulator.

    Needs no publisher and no broker. Refuses on a screen that was claimed: there only signed content shows.
    """
    set_up("warning")
    try:
        trial.refuse_on_a_claimed_screen(_state_dirs(config_file))
        with tempfile.TemporaryDirectory(prefix="bangtin-play-") as folder:
            settings = _settings(Path(folder), driver, size, kind or ("led" if driver == "emulator" else "hdmi"), out)
            begin = start or datetime.now(UTC)
            source = LocalSource(trial.read_file(file, app.shape_of(settings.panel), begin))
            if driver == "png":
                click.echo(f"{_leaf(settings, source, begin)} trang / pages → {out or 'frames'}")
            else:
                _run(settings, source, ShiftedClock(begin), seconds)
    except (TrialError, ConfigError, OptionError, PanelError) as exc:
        raise click.ClickException(str(exc)) from exc


def _leaf(settings: ScreenSettings, source: LocalSource, begin: datetime) -> int:
    clock = SettableClock(begin)
    playlist = source.snapshot.playlist
    assert playlist is not None  # noqa: S101 -- a local source is made of one
    with ExitStack() as stack:
        stage = app.build(stack, settings, clock, source, (), by_hand=True, slate_first=False)
        return trial.leaf_through(stage, clock, playlist)


def _run(settings: ScreenSettings, source: LocalSource, clock: WallClock, seconds: float | None) -> None:
    code = app.run(settings, clock, source, (), for_s=seconds)
    if code:
        sys.exit(code)


def _state_dirs(config_file: Path | None) -> tuple[Path, ...]:
    """The folders in which this machine may have been claimed as a screen."""
    if config_file is not None:
        return (load_screen(config_file).state_dir, STATE_DIR)
    if trial.may_be_there(SETTINGS):
        return (load_screen(SETTINGS).state_dir, STATE_DIR)
    return (STATE_DIR,)


def _settings(folder: Path, driver: str, size: tuple[int, int], kind: str, out: Path | None) -> ScreenSettings:
    """The settings of a throw-away screen below `folder`."""
    options: dict[str, str] = {}
    if driver == "png":
        options["folder"] = str((out or Path("frames")).absolute())
    elif driver == "memory" and out is not None:
        out.mkdir(parents=True, exist_ok=True)
        options["export"] = str((out / "frame").absolute())
    panel = {"driver": driver, "width_px": size[0], "height_px": size[1], "kind": kind, "options": options}
    values = {
        "state_dir": str(folder / "state"), "run_dir": str(folder / "run"), "clock": "trusted",
        "panel": panel, "speaker": {"driver": "silent"}, "log_level": "warning",
    }  # fmt: skip
    path = folder / "screen.yaml"
    path.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    return load_screen(path)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "start", metavar="ISO", callback=_instant, help="Default: now.")
@click.option("--to", "end", metavar="ISO", callback=_instant, help="Default: an hour later.")
@click.option("--size", metavar="WxH", callback=_size, default="1920x1080", help="Panel a text FILE is laid out for.")
def timeline(file: Path, start: datetime | None, end: datetime | None, size: tuple[int, int]) -> None:
    """Print what the playlist (JSON) or text FILE will show: when, for how long, what."""
    begin = start or datetime.now(UTC).replace(microsecond=0)
    until = end or begin + timedelta(hours=1)
    if until <= begin:
        raise click.BadParameter(f"{until.isoformat()} is not after {begin.isoformat()}", param_hint="--to")
    try:
        playlist = trial.read_file(file, PanelShape(*size), begin)
    except TrialError as exc:
        raise click.ClickException(str(exc)) from exc
    for row in listing.rows(playlist, begin, until):
        click.echo(row.line())


@click.command()
@click.argument("name", required=False)
def panels(name: str | None) -> None:
    """List the panel drivers, or all options of the driver NAME: their defaults and what they mean."""
    if name is not None and name not in DRIVERS:
        near = difflib.get_close_matches(name, DRIVERS, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise click.BadParameter(f"{name!r} is none of {', '.join(DRIVERS)}{meant}", param_hint="NAME")
    for driver in DRIVERS if name is None else (name,):
        _print_driver(driver)


def _print_driver(name: str) -> None:
    try:
        module = driver_module("panel", name, DRIVERS, PanelError)
    except ImportError as exc:
        click.echo(f"{name}: chưa cài / not installed ({exc.name})")
        return
    click.echo(f"{name}: {(module.__doc__ or '').strip().splitlines()[0]}")
    for option, declared in module.OPTIONS.items():
        click.echo(f"    {option} = {_default(declared.default)}  ({declared.help})")


def _default(value: object) -> str:
    """A default as it is written in the settings."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)
