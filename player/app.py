"""The whole start of the player and the whole stop, in reverse: one function to read."""

from __future__ import annotations

import gc
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import pygame

from config.settings import LightSettings, PanelSettings, ScreenSettings
from drivers import light as lights
from drivers import panel as panels
from drivers import process
from drivers import speaker as speakers
from drivers.leds.mapping import grid_of
from drivers.light import Meter
from drivers.notify import Notifier
from drivers.options import OptionError
from drivers.panel import Panel
from drivers.speaker import Speaker, SpeakerError
from player import render
from player.aim import Aimer
from player.clock import WallClock
from player.dimming import Curve, Dimmer
from player.director import Director
from player.film.bed import Bed
from player.film.projector import Projector
from player.grip import Grip
from player.jumps import Jumps
from player.ledger import Ledger
from player.painter import Painter
from player.plays import Plays
from player.prepare import frames
from player.prepare.cache import FrameCache
from player.prepare.workers import Workers
from player.report import Report
from player.requests import Requests
from player.schema import ANSWER_DIR, CLIP_DIR, MEDIA_DIR, PLAYER_STATUS, PLAYS_DB
from player.shelf import Shelf
from player.show import Box, PanelShape
from player.speech import Desk
from player.stage import Parts, Source, Stage
from player.status import StatusFile
from player.transition import transitions
from player.wake import Waker

log = logging.getLogger(__name__)

CACHE_DIR: Final = "cache"  # in the state folder: prepared frames, for the first picture after a start
TYPICAL_HEIGHT_MM: Final = 530  # of an HDMI panel, 43 inches: the settings do not know the real one
READ_AT: Final = 250  # a line can be read from 250 times its height


class FolderError(Exception):
    """A folder of the settings cannot be made. The disk may be there at the next start."""


def run(
    settings: ScreenSettings,
    clock: WallClock,
    source: Source,
    watched: tuple[Path, ...],
    *,
    by_hand: bool = False,
    for_s: float | None = None,
) -> int:
    """Shows `source` on the panel of `settings` until SIGTERM or SIGINT, or for that long; the exit code.

    `watched` are the files that are written when the source or the clock changes;
    `by_hand` says that the clock is set from outside. Raises PanelError if there is no panel.
    """
    with ExitStack() as stack:
        with built_to_last():
            stage = build(stack, settings, clock, source, watched, by_hand=by_hand)
        stack.enter_context(_stopped_by_signals(stage))
        return stage.run(for_s)


@contextmanager
def built_to_last() -> Iterator[None]:
    """What is built inside stays for years: this process's memory is arranged for that from now on."""
    process.give_back_from()  # a page on a large panel is 8 MB, and there are two only while one gives way
    yield
    gc.collect()
    gc.freeze()  # what is here now stays: the collector need not walk it between two frames


def build(
    stack: ExitStack,
    settings: ScreenSettings,
    clock: WallClock,
    source: Source,
    watched: tuple[Path, ...],
    *,
    by_hand: bool = False,
    slate_first: bool = True,
) -> Stage:
    """Everything the stage needs, opened in order; `stack` closes it in reverse.

    `slate_first`: the slate stands on the panel while the very first picture is being prepared.
    """
    shape = shape_of(settings.panel)
    panel = open_panel(stack, settings.panel)
    make_folders(settings)
    waker = stack.enter_context(closing(Waker(watched)))
    shelf = open_shelf(stack, settings, shape, panel)
    plays = stack.enter_context(closing(Plays(settings.state_dir / PLAYS_DB, clock.now())))
    speaker = open_speaker(stack, settings)
    chosen = transitions(settings.panel.transition, settings.panel.kind, settings.panel.rotation)
    projector = stack.enter_context(closing(Projector(settings.state_dir / MEDIA_DIR, panel)))
    painter = Painter(panel, shelf, chosen, projector)
    director = director_of(settings, shape, shelf)
    desk = Desk(speaker, plays, settings.state_dir / CLIP_DIR, plays.last_spoken)
    bed = stack.enter_context(closing(Bed(speaker, projector)))
    ledger = Ledger(plays)
    requests = stack.enter_context(closing(Requests(settings.run_dir / ANSWER_DIR, clock.now())))
    grip = Grip(panel)
    meter = open_light(stack, settings.light)
    dimmer = Dimmer(lambda: meter.lux, curve_of(settings.light))
    report = Report(
        StatusFile(settings.run_dir / PLAYER_STATUS), panel=panel, painter=painter, shelf=shelf, desk=desk,
        ledger=ledger, plays=plays, grip=grip, source_trouble=lambda: source.trouble, stands_still=by_hand,
        moving=lambda: projector.health() | {"bed": bed.health()}, light=lambda: meter.health() | dimmer.health(),
        jumps=None if by_hand else Jumps(director.believes), playlist=director.health,
    )  # fmt: skip
    notifier = stack.enter_context(closing(Notifier()))
    parts = Parts(
        clock=clock, source=source, panel=panel, grip=grip, shelf=shelf, painter=painter, director=director,
        projector=projector, desk=desk, bed=bed, ledger=ledger, requests=requests, report=report, notifier=notifier,
        waker=waker, dimmer=dimmer,
    )  # fmt: skip
    return Stage(parts, slate_first=slate_first)


def make_folders(settings: ScreenSettings) -> None:
    """Where the player keeps what must last, and what it tells while it runs. Raises FolderError."""
    for key, folder in (("state_dir", settings.state_dir), ("run_dir", settings.run_dir)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise FolderError(f"{key}: {folder} cannot be made: {exc.strerror}") from exc


def director_of(settings: ScreenSettings, shape: PanelShape, shelf: Shelf) -> Director:
    """Who says what should stand on the panel; what the shelf knows to be broken is passed over."""
    aimer = Aimer(shape, settings.state_dir / MEDIA_DIR, modules_of(settings.panel))
    return Director(aimer, shelf.skipped, declared=settings.clock == "trusted")


def open_panel(stack: ExitStack, settings: PanelSettings) -> Panel:
    """The panel, open. Raises PanelError, OptionError."""
    panel = panels.create(settings.driver, settings.width_px, settings.height_px, settings.options)
    panel.open()
    stack.callback(panel.close)
    return panel


def open_shelf(stack: ExitStack, settings: ScreenSettings, shape: PanelShape, panel: Panel) -> Shelf:
    """The pictures at hand, with the workers that prepare them."""
    cache_dir = settings.state_dir / CACHE_DIR
    workers = Workers(
        cache_dir, memory_cap_mb=settings.prepare.memory_mb, warm=shape, budget_mb=settings.prepare.cache_mb,
        start=False,  # after the first picture, not beside it
    )  # fmt: skip
    stack.callback(workers.close)
    cache = FrameCache(cache_dir)
    return Shelf(workers, baked_by(panel, lambda name: frames.load(cache.path(name))))


def open_light(stack: ExitStack, settings: LightSettings) -> Meter:
    """The light sensor, being read. Raises OptionError, LightError."""
    meter = Meter(lights.create(settings.driver, settings.options))
    if settings.driver != "none":
        meter.start()
        stack.callback(meter.close)
    return meter


def curve_of(settings: LightSettings) -> Curve:
    """Raises OptionError if dark is not darker than bright."""
    if settings.dark_lux >= settings.bright_lux:
        raise OptionError(
            f"light.dark_lux={settings.dark_lux:g} must be below light.bright_lux={settings.bright_lux:g}"
        )
    return Curve(settings.dark_lux, settings.bright_lux, settings.floor_pct)


def baked_by(panel: Panel, load: Callable[[str], pygame.Surface]) -> Callable[[str], pygame.Surface]:
    """`load`, with each picture corrected for the gamma and brightness of `panel` as it comes in, once."""

    def load_baked(name: str) -> pygame.Surface:
        picture = load(name)
        panel.bake(picture)
        return picture

    return load_baked


def open_speaker(stack: ExitStack, settings: ScreenSettings) -> Speaker:
    """The speaker; one that cannot be opened now says so at every reading, and pictures go on. Raises OptionError."""
    speaker = speakers.create(settings.speaker.driver, settings.speaker.options)
    try:
        speaker.open()
    except SpeakerError as exc:
        log.error("there is no sound: %s", exc)
    stack.callback(speaker.close)
    return speaker


def shape_of(panel: PanelSettings) -> PanelShape:
    """The panel as the scene sees it: turned, and with the smallest line that can be read from where people stand."""
    turned = panel.rotation in (90, 270)
    width, height = (panel.height_px, panel.width_px) if turned else (panel.width_px, panel.height_px)
    floor = panel.floor_px or 0
    if not floor and panel.distance_m and panel.kind == "hdmi":
        floor = round(panel.distance_m * 1000 / READ_AT * panel.height_px / TYPICAL_HEIGHT_MM)
    return PanelShape(width, height, panel.kind, floor, panel.rotation)


def modules_of(panel: PanelSettings) -> tuple[Box, ...]:
    """The modules an LED panel is made of, by their numbers and as a reader sees them; none if it is all one."""
    grid = grid_of(panel.width_px, panel.height_px, panel.options)
    hung = PanelShape(panel.width_px, panel.height_px, rotation=-panel.rotation % 360)
    cells = grid.cells() if grid.columns * grid.lines > 1 else ()
    return tuple(render.turn_box(Box(cell.x, cell.y, cell.w, cell.h), hung) for cell in cells)


@contextmanager
def _stopped_by_signals(stage: Stage) -> Iterator[None]:
    """SIGTERM and SIGINT end the loop after its turn, not in the middle of a frame."""
    before = {name: signal.signal(name, lambda *_: stage.stop()) for name in (signal.SIGTERM, signal.SIGINT)}
    wakeup = signal.set_wakeup_fd(stage.signal_fd, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for name, handler in before.items():
            signal.signal(name, handler)
