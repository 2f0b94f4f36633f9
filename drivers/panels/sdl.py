"""A panel on HDMI or in a window, through SDL: KMSDRM on a Pi without a desktop, X11 or Wayland with one.

The picture is never scaled. An LED sending card shows a rectangle of its input, pixel by pixel:
`output` is then the fixed mode, `viewport` the rectangle, and everything beside it stays black.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any, Final

import pygame

from drivers import options
from drivers.canvas import Canvas, opened
from drivers.options import Option, OptionError
from drivers.panel import Frame, PanelError, Power, Rect
from drivers.panels import drm
from drivers.panels.drm import SocketWatch
from drivers.panels.power import PowerSwitch, ways_named

OPTIONS: Final = {
    "mode": Option(
        "auto",
        options.one_of("auto", "window", "fullscreen", "headless"),
        "auto: a window where there is a desktop, else the whole HDMI screen; headless: no screen at all",
    ),
    "display": Option(0, options.whole(0, 15), "which of several screens, from 0"),
    "title": Option("Bảng Tin", options.text, "title of the window"),
    "video_driver": Option(None, options.text, "SDL's own name of a video driver, when the right one is not found"),
    "output": Option(None, options.numbers(2), "width,height of the HDMI mode when it is larger than the panel"),
    "viewport": Option(None, options.numbers(4), "x,y,width,height of the panel inside the output"),
    "power": Option(
        "auto",
        options.one_of("auto", "cec", "ddc", "wlopm", "black"),
        "how the screen is switched off; auto: the first that works, for a whole HDMI screen; black: not at all",
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
        sysfs: Path = drm.SYSFS,
        environ: MutableMapping[str, str] = os.environ,
    ) -> None:
        self.size = (width, height)
        self.refresh_hz = 60.0
        self._output = output or self.size
        self._viewport = checked_viewport(self.size, self._output, viewport or (0, 0, width, height))
        self._mode = mode
        self._display = display
        self._title = title
        self._video_driver = video_driver
        self._sysfs = sysfs
        self._environ = environ
        self._canvas: Canvas | None = None
        self._closed_by_user = False
        self._switch = PowerSwitch(ways_named(power) if power != "auto" or self._owns_screen else ())
        self._sockets = SocketWatch(sysfs)

    @property
    def surface(self) -> pygame.Surface:
        return opened(self._canvas, "sdl").surface

    def open(self) -> None:
        mode = self._mode_now
        if self._owns_screen:
            self._sockets.begin()
        self._environ.update(environment(mode, self._video_driver, self._environ, self._sysfs))
        try:
            pygame.display.init()
            window = self._window(mode)
        except pygame.error as exc:
            pygame.display.quit()
            raise PanelError(f"sdl: mode={mode}: {exc}; {_advice(mode)}") from exc
        got = window.get_size()
        if got != self._output:
            pygame.display.quit()
            raise PanelError(_wrong_mode(self._output, got))
        self._canvas = Canvas(self.size, window.subsurface(self._viewport))

    def bake(self, picture: pygame.Surface) -> None:
        opened(self._canvas, "sdl").bake(picture)

    def present(self, dirty: Sequence[Rect] | None = None) -> None:
        x, y = self._viewport[:2]
        rects = opened(self._canvas, "sdl").present(dirty)
        pygame.display.update([(r.x + x, r.y + y, r.w, r.h) for r in rects])

    def set_brightness(self, pct: int) -> None:
        opened(self._canvas, "sdl").set_brightness(pct)

    def set_power(self, on: bool) -> Power:
        """The picture goes black by what is drawn; the screen is asked beside that, and health tells what it says."""
        return self._switch.set(on)

    def capture(self) -> Frame:
        return opened(self._canvas, "sdl").capture()

    def pump(self) -> bool:
        if self._canvas is None:
            return False
        if self._owns_screen:
            self._sockets.check()
        for event in pygame.event.get():
            if event.type in {pygame.QUIT, pygame.WINDOWCLOSE}:
                self._closed_by_user = True
            elif event.type == pygame.WINDOWEXPOSED:
                pygame.display.update()  # the desktop lost what was shown; the surface still holds it
        return not self._closed_by_user

    def health(self) -> dict[str, Any]:
        canvas, power = self._canvas, self._switch.state
        return {
            "driver": "sdl",
            "video_driver": pygame.display.get_driver() if canvas else "",
            "presented": canvas.presented if canvas else 0,
            "refresh_hz": self.refresh_hz,
            "power": power.confirmed.value,
            "power_asked": {True: "on", False: "off", None: ""}[power.asked],
            "power_by": power.by,
            "power_trouble": power.trouble,
            "connectors": {f"card{c.card}-{c.name}": _word(c.connected) for c in drm.connectors(self._sysfs)},
        }

    def close(self) -> None:
        self._switch.close()
        if self._canvas is not None:
            self._canvas = None
            pygame.display.quit()

    @property
    def _mode_now(self) -> str:
        return self._mode if self._mode != "auto" else _mode_here(self._environ)

    @property
    def _owns_screen(self) -> bool:
        """Whether a screen of this machine is all ours: no desktop looks after it."""
        return self._mode_now == "fullscreen" and not _desktop(self._environ)

    def _window(self, mode: str) -> pygame.Surface:
        flags = pygame.FULLSCREEN if mode == "fullscreen" else 0
        if mode == "window" and _larger(self._output, pygame.display.get_desktop_sizes()):
            flags |= pygame.SCALED  # only the window shrinks to the desktop; the panel's pixels stay what they are
        window = pygame.display.set_mode(self._output, flags, display=self._display)
        pygame.display.set_caption(self._title)
        pygame.display.set_allow_screensaver(False)
        pygame.mouse.set_visible(mode == "window")
        self.refresh_hz = float(pygame.display.get_current_refresh_rate() or 60)
        return window


def checked_viewport(
    size: tuple[int, int], output: tuple[int, ...], viewport: tuple[int, ...]
) -> tuple[int, int, int, int]:
    """The viewport, if it is as large as the panel and inside the output. Raises OptionError."""
    x, y, width, height = viewport
    if (width, height) != size:
        raise OptionError(f"sdl: viewport={viewport}: must be as large as the panel, {size[0]}×{size[1]}: no scaling")
    if x + width > output[0] or y + height > output[1]:
        raise OptionError(f"sdl: viewport={viewport}: must lie inside the output of {output[0]}×{output[1]}")
    return x, y, width, height


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
