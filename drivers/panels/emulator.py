"""An LED panel in the browser, by RGBMatrixEmulator, which takes the place of the HUB75 library call for call.

Three habits of that library are kept away from the screen: it writes a settings file into the
working directory as soon as it is imported; its web server listens on every network and takes
SIGTERM for itself, so that the page is served by `emulator_page` instead; and it makes each
adapter once a process, so that ours are made anew for each panel.

For trying things out: on a screen the player has no network, and nobody could open the page.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pygame
from PIL import Image

from drivers import options
from drivers.canvas import Canvas, opened
from drivers.options import Option
from drivers.panel import Frame, PanelError, Power, Rect
from drivers.panels.emulator_page import HOST, Page

log = logging.getLogger(__name__)

SETTINGS: Final = {
    "pixel_outline": 0,
    "pixel_size": 6,
    "pixel_style": "square",
    "pixel_glow": 6,
    "display_adapter": "raw",
    "allow_adapter_fallback": False,
    "icon_path": None,
    "emulator_title": "Bảng Tin LED",
    "browser": {
        "_comment": "",
        "port": 0,
        "target_fps": 30,
        "fps_display": False,
        "quality": 90,
        "image_border": True,
        "debug_text": False,
        "image_format": "PNG",
        "open_immediately": False,
    },
    "log_level": "warning",
}


@contextlib.contextmanager
def _in_folder_with(settings: dict[str, Any]) -> Iterator[None]:
    """Work in a throw-away folder that holds the emulator's settings file: it looks nowhere else."""
    back = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "emulator_config.json").write_text(json.dumps(settings), encoding="utf-8")
            os.chdir(folder)
            try:
                yield
            finally:
                os.fchdir(back)
    finally:
        os.close(back)


with _in_folder_with(SETTINGS):
    import RGBMatrixEmulator
    from RGBMatrixEmulator import RGBMatrix, RGBMatrixOptions
    from RGBMatrixEmulator.adapters.base import BaseAdapter

OPTIONS: Final = {
    "adapter": Option("browser", options.one_of("browser", "raw"), "browser: a page to look at; raw: nothing to see"),
    "port": Option(0, options.whole(0, 65_535), "port of the page on 127.0.0.1; 0: a free one, named in health"),
    "pixel_size": Option(6, options.whole(1, 32), "how large one LED is drawn on the page, in pixels"),
}

_TEMPLATE: Final = Path(RGBMatrixEmulator.__file__).parent / "adapters/browser_adapter/static/index.html"


class _Adapter(BaseAdapter):
    """Where the emulator hands its frames: keeps the last one and counts them, for the page and for a look."""

    image_format = "PNG"

    def __init__(self, width: int, height: int, matrix_options: Any) -> None:
        super().__init__(width, height, matrix_options)  # type: ignore[no-untyped-call]
        self.version = 0
        self.pixels: Any = None

    @classmethod
    def get_instance(cls, *args: Any, **kwargs: Any) -> _Adapter:
        return cls(*args, **kwargs)

    def load_emulator_window(self) -> None:
        """Nothing to show by itself."""

    def draw_to_screen(self, pixels: Any) -> None:
        self.pixels = pixels
        self.version += 1

    def picture(self) -> Image.Image:
        """The panel LED by LED, black before the first frame."""
        if self.pixels is None:
            return Image.new("RGB", self.scaled_screen_size)
        image: Image.Image = self._get_masked_image(self.pixels)  # type: ignore[no-untyped-call]
        return image


class Driver:
    refresh_hz = 60.0
    overlay = None

    def __init__(self, width: int, height: int, adapter: str = "browser", port: int = 0, pixel_size: int = 6) -> None:
        self.size = (width, height)
        self._browser = adapter == "browser"
        self._wanted_port = port
        self._pixel_size = pixel_size
        self._canvas: Canvas | None = None
        self._page: Page | None = None
        self._url = ""

    @property
    def surface(self) -> pygame.Surface:
        return opened(self._canvas, "emulator").surface

    def open(self) -> None:
        self._matrix = RGBMatrix(self._matrix_options())
        self._led = self._matrix.CreateFrameCanvas()
        if self._browser:
            self._page = self._serve(self._led.display_adapter)
        self._canvas = Canvas(self.size)

    def bake(self, picture: pygame.Surface) -> None:
        opened(self._canvas, "emulator").bake(picture)

    def present(self, dirty: Sequence[Rect] | None = None) -> None:
        canvas = opened(self._canvas, "emulator")
        for rect in canvas.present(dirty):
            part = canvas.shown.subsurface(rect)
            self._led.SetImage(Image.frombytes("RGB", rect[2:], pygame.image.tobytes(part, "RGB")), rect.x, rect.y)
        self._led = self._matrix.SwapOnVSync(self._led)

    def set_brightness(self, pct: int) -> None:
        opened(self._canvas, "emulator").set_brightness(pct)

    def set_power(self, on: bool) -> Power:
        return Power.UNKNOWN

    def capture(self) -> Frame:
        """What the emulated LEDs show, not what was sent to them; black before the first frame."""
        canvas = opened(self._canvas, "emulator")
        pixels = self._led.display_adapter.pixels
        data = bytes(3 * self.size[0] * self.size[1]) if pixels is None else pixels.tobytes()
        return Frame(*self.size, data, canvas.presented)

    def pump(self) -> bool:
        return True

    def health(self) -> dict[str, Any]:
        presented = self._canvas.presented if self._canvas else 0
        return {"driver": "emulator", "presented": presented, "url": self._url}

    def close(self) -> None:
        self._canvas = None
        if self._page is not None:
            self._page.close()
            self._page = None

    def _matrix_options(self) -> Any:
        with _in_folder_with(SETTINGS):
            matrix_options = RGBMatrixOptions()
        matrix_options.cols, matrix_options.rows = self.size
        matrix_options.pixel_size = self._pixel_size
        matrix_options.display_adapter = _Adapter
        return matrix_options

    def _serve(self, adapter: _Adapter) -> Page:
        page = Page(_TEMPLATE, adapter, adapter.picture, lambda: adapter.version)
        try:
            self._url = f"http://{HOST}:{page.start(self._wanted_port)}/"
        except OSError as exc:
            raise PanelError(f"emulator: port={self._wanted_port}: {exc.strerror}") from exc
        log.info("the LED panel can be looked at on %s", self._url)
        return page
