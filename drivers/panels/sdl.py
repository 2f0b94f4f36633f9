"""A panel on HDMI or in a window, through SDL: KMSDRM on a Pi without a desktop, X11 or Wayland with one.

The picture is never scaled. An LED sending card shows a rectangle of its input, pixel by pixel:
`output` is then the fixed mode, `viewport` the rectangle, and everything beside it stays black.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any, Final

import pygame

from drivers import options
from drivers.options import Option, OptionError
from drivers.panel import Frame, Overlay, PanelError, Power, Rect
from drivers.panels import drm
from drivers.panels.drm import SocketWatch
from drivers.panels.power import WAYS, PowerSwitch, ways_named
from drivers.panels.sdl_library import Renderer, SdlError, Window, load
from drivers.panels.sdl_screens import ChipScreen, PlainScreen, Screen

log = logging.getLogger(__name__)

_MOST_PX: Final = 16_384  # what graphics chips of today take

OPTIONS: Final = {
    "mode": Option(
        "auto",
        options.one_of("auto", "window", "fullscreen", "headless"),
        "auto: a window where there is a desktop, else the whole HDMI screen; headless: no screen at all",
    ),
    "display": Option(0, options.whole(0, 15), "which of several screens, from 0"),
    "title": Option("Bảng Tin", options.text, "title of the window"),
    "video_driver": Option(None, options.text, "SDL's own name of a video driver, when the right one is not found"),
    "output": Option(
        None, options.numbers(2, 1, _MOST_PX), "width,height of the HDMI mode when it is larger than the panel"
    ),
    "viewport": Option(None, options.numbers(4, 0, _MOST_PX), "x,y,width,height of the panel inside the output"),
    "power": Option(
        "auto",
        options.one_of("auto", *(way.name for way in WAYS), "black"),
        "how the screen is switched off; wlopm, xset: by the desktop's DPMS, Wayland's or X11's; auto: the first that "
        "works, where the picture fills a screen; black: not at all",
    ),
    "renderer": Option(
        "auto",
        options.one_of("auto", "none", "opengl", "opengles2", "software"),
        "what puts the picture together: opengl, opengles2: the graphics chip, which also turns a film to colours and "
        "scales it; software: its way without a chip; none: plain copies; auto: the chip on a whole HDMI screen",
    ),
    "sysfs": Option(drm.SYSFS, Path, "where the kernel's device tree is looked up"),
}


class Driver:
    def __init__(
        self,
        width: int,
        height: int,
        *,
        mode: str = "auto",
        display: int = 0,
        title: str = "Bảng Tin",
        video_driver: str | None = None,
        output: tuple[int, ...] | None = None,
        viewport: tuple[int, ...] | None = None,
        power: str = "auto",
        renderer: str = "auto",
        sysfs: Path = drm.SYSFS,
        environ: MutableMapping[str, str] = os.environ,
    ) -> None:
        self.size = (width, height)
        self.refresh_hz = 60.0
        self._output = (output[0], output[1]) if output else self.size
        self._viewport = checked_viewport(self.size, self._output, viewport or (0, 0, width, height))
        self._mode = mode
        self._display = display
        self._title = title
        self._video_driver = video_driver
        self._renderer = renderer
        self._sysfs = sysfs
        self._environ = environ
        self._screen: Screen | None = None
        self._closed_by_user = False
        self._switch = PowerSwitch(ways_named(power) if power != "auto" or self._mode_now == "fullscreen" else ())
        self._sockets = SocketWatch(sysfs)

    @property
    def surface(self) -> pygame.Surface:
        return self._opened.surface

    @property
    def overlay(self) -> Overlay | None:
        return self._opened.overlay

    def open(self) -> None:
        mode = self._mode_now
        if self._owns_screen:
            self._sockets.begin()
        self._environ.update(environment(mode, self._video_driver, self._environ, self._sysfs))
        try:
            pygame.display.init()
            self._screen = self._by_chip(mode) or self._by_copies(mode)
            pygame.display.set_allow_screensaver(False)
            pygame.mouse.set_visible(mode == "window")
        except (pygame.error, PanelError) as exc:
            pygame.display.quit()
            if isinstance(exc, PanelError):
                raise
            raise PanelError(f"sdl: mode={mode}: {exc}; {_advice(mode)}") from exc

    def bake(self, picture: pygame.Surface) -> None:
        self._opened.bake(picture)

    def present(self, dirty: Sequence[Rect] | None = None) -> None:
        self._opened.present(dirty)

    def set_brightness(self, pct: int) -> None:
        self._opened.set_brightness(pct)

    def set_power(self, on: bool) -> Power:
        """The picture goes black by what is drawn; the screen is asked beside that, and health tells what it says."""
        return self._switch.set(on)

    def capture(self) -> Frame:
        return self._opened.capture()

    def pump(self) -> bool:
        if self._screen is None:
            return False
        if self._owns_screen:
            self._sockets.check()
        for event in pygame.event.get():
            if event.type in {pygame.QUIT, pygame.WINDOWCLOSE}:
                self._closed_by_user = True
            elif event.type == pygame.WINDOWEXPOSED:
                self._screen.again()  # the desktop lost what was shown
        return not self._closed_by_user

    def health(self) -> dict[str, Any]:
        screen, power = self._screen, self._switch.state
        return {
            "driver": "sdl",
            "video_driver": pygame.display.get_driver() if screen else "",
            "renderer": screen.way if screen else "",
            "presented": screen.presented if screen else 0,
            "refresh_hz": self.refresh_hz,
            "power": power.confirmed.value,
            "power_asked": {True: "on", False: "off", None: ""}[power.asked],
            "power_by": power.by,
            "power_trouble": power.trouble,
            "connectors": {f"card{c.card}-{c.name}": _word(c.connected) for c in drm.connectors(self._sysfs)},
        }

    def close(self) -> None:
        self._switch.close()
        if self._screen is not None:
            self._screen.close()
            self._screen = None
            pygame.display.quit()

    @property
    def _mode_now(self) -> str:
        return self._mode if self._mode != "auto" else _mode_here(self._environ)

    @property
    def _owns_screen(self) -> bool:
        """Whether a screen of this machine is all ours: no desktop looks after it."""
        return self._mode_now == "fullscreen" and not _desktop(self._environ)

    @property
    def _opened(self) -> Screen:
        if self._screen is None:
            raise PanelError("sdl: the panel is not open")
        return self._screen

    def _by_chip(self, mode: str) -> Screen | None:
        """None where the settings ask for no chip, or for the one there may be and there is none."""
        auto = self._renderer == "auto"
        if self._renderer == "none" or (auto and not self._owns_screen):
            return None
        try:
            window = Window(self._title, self._display, self._output, mode == "fullscreen")
            renderer = Renderer(load(), window, "" if auto else self._renderer)
        except SdlError as exc:
            if not auto:
                raise
            log.warning("films are turned to colours by the processor, as no graphics chip does it: %s", exc)
            return None
        try:
            self._check(renderer.size)
            screen = ChipScreen(renderer, self._viewport)
        except PanelError:
            renderer.close()
            raise
        self.refresh_hz = renderer.hz
        return screen

    def _by_copies(self, mode: str) -> Screen:
        flags = pygame.FULLSCREEN if mode == "fullscreen" else 0
        if mode == "window" and _larger(self._output, pygame.display.get_desktop_sizes()):
            flags |= pygame.SCALED  # only the window shrinks to the desktop; the panel's pixels stay what they are
        window = pygame.display.set_mode(self._output, flags, display=self._display)
        pygame.display.set_caption(self._title)
        self.refresh_hz = float(pygame.display.get_current_refresh_rate() or 60)
        self._check(window.get_size())
        return PlainScreen(window, self._viewport)

    def _check(self, got: tuple[int, int]) -> None:
        if got != self._output:
            raise PanelError(_wrong_mode(self._output, got))


def checked_viewport(size: tuple[int, int], output: tuple[int, ...], viewport: tuple[int, ...]) -> Rect:
    """The viewport, if it is as large as the panel and inside the output. Raises OptionError."""
    x, y, width, height = viewport
    if (width, height) != size:
        raise OptionError(f"sdl: viewport={viewport}: must be as large as the panel, {size[0]}×{size[1]}: no scaling")
    if x + width > output[0] or y + height > output[1]:
        raise OptionError(f"sdl: viewport={viewport}: must lie inside the output of {output[0]}×{output[1]}")
    return Rect(x, y, width, height)


def environment(mode: str, video_driver: str | None, environ: Mapping[str, str], sysfs: Path) -> dict[str, str]:
    """What SDL must find in the environment before it starts, for this mode. Raises PanelError without a card."""
    wanted = {"SDL_NO_SIGNAL_HANDLERS": "1"}  # SIGTERM belongs to the player
    if mode == "headless":
        wanted["SDL_VIDEODRIVER"] = "dummy"
    elif video_driver:
        wanted["SDL_VIDEODRIVER"] = video_driver
    elif not _desktop(environ):
        wanted["SDL_VIDEODRIVER"] = "kmsdrm"
    if wanted.get("SDL_VIDEODRIVER") == "kmsdrm":
        card = drm.card_to_use(sysfs)
        if card is None:
            raise PanelError(f"sdl: no graphics card with a socket in {sysfs}/class/drm; {_advice(mode)}")
        return wanted | {"SDL_KMSDRM_DEVICE_INDEX": str(card)}
    # A plain window surface: SDL's accelerated one sends the whole picture through GL for each small rectangle.
    return wanted | {"SDL_FRAMEBUFFER_ACCELERATION": "0"}


def _mode_here(environ: Mapping[str, str]) -> str:
    return "window" if _desktop(environ) else "fullscreen"


def _desktop(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _larger(size: tuple[int, ...], desktops: Sequence[tuple[int, int]]) -> bool:
    return bool(desktops) and all(size[0] > width or size[1] > height for width, height in desktops)


def _word(connected: bool | None) -> str:
    return {True: "yes", False: "no", None: "unknown"}[connected]


def _advice(mode: str) -> str:
    if mode == "fullscreen":
        return "is a screen connected, no desktop running, and the user in groups video and render?"
    return "is there a desktop (DISPLAY or WAYLAND_DISPLAY)? Without one: mode: headless"


def _wrong_mode(wanted: tuple[int, ...], got: tuple[int, int]) -> str:
    return (
        f"sdl: the screen gives {got[0]}×{got[1]}, not {wanted[0]}×{wanted[1]}: set panel.width_px and height_px, "
        f"or output and viewport, or force the mode with video=HDMI-A-1:{wanted[0]}x{wanted[1]}M@60 in cmdline.txt"
    )
