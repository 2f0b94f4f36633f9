"""SDL's renderer by its C functions, for what pygame leaves out: textures of a film's own planes (YUV).

They are found through pygame's extension module, whose dependency SDL is, so that they are those of the
one SDL that pygame has loaded: two of them in one process would know nothing of each other. Where they
cannot be found (a pygame with SDL built in), `load` says so, and the panel does without.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import POINTER, Structure, byref, c_char_p, c_double, c_float, c_int, c_uint8, c_uint32, c_void_p
from typing import Any, Final, NamedTuple

import pygame

from drivers.film import Coding, Planes
from drivers.panel import PanelError, Rect

_BGRX: Final = 0x16161804  # SDL_PIXELFORMAT_RGB888, as the surfaces of this house lie in memory
_IYUV: Final = 0x56555949
_STREAMING: Final = 1
_LINEAR: Final = 1
_FULLSCREEN: Final = 0x1
_ACCELERATED, _VSYNC = 0x2, 0x4
_UNDEFINED_POSITION: Final = 0x1FFF0000  # + the number of the display
_MODES: Final = {Coding.BT601_FULL: 0, Coding.BT601: 1, Coding.BT709: 2}


class _Rect(Structure):
    _fields_ = (("x", c_int), ("y", c_int), ("w", c_int), ("h", c_int))


class _RectF(Structure):
    _fields_ = (("x", c_float), ("y", c_float), ("w", c_float), ("h", c_float))


class _Info(Structure):
    _fields_ = (
        ("name", c_char_p), ("flags", c_uint32), ("formats", c_uint32), ("format", c_uint32 * 16),
        ("widest", c_int), ("highest", c_int),
    )  # fmt: skip


class _Mode(Structure):
    _fields_ = (("format", c_uint32), ("w", c_int), ("h", c_int), ("hz", c_int), ("data", c_void_p))


_RECT: Final = POINTER(_Rect)
_FUNCTIONS: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "SDL_GetError": (c_char_p, ()),
    "SDL_CreateWindow": (c_void_p, (c_char_p, c_int, c_int, c_int, c_int, c_uint32)),
    "SDL_DestroyWindow": (None, (c_void_p,)),
    "SDL_GetCurrentDisplayMode": (c_int, (c_int, POINTER(_Mode))),
    "SDL_GetNumRenderDrivers": (c_int, ()),
    "SDL_GetRenderDriverInfo": (c_int, (c_int, POINTER(_Info))),
    "SDL_CreateRenderer": (c_void_p, (c_void_p, c_int, c_uint32)),
    "SDL_DestroyRenderer": (None, (c_void_p,)),
    "SDL_GetRendererInfo": (c_int, (c_void_p, POINTER(_Info))),
    "SDL_GetRendererOutputSize": (c_int, (c_void_p, POINTER(c_int), POINTER(c_int))),
    "SDL_CreateTexture": (c_void_p, (c_void_p, c_uint32, c_int, c_int, c_int)),
    "SDL_DestroyTexture": (None, (c_void_p,)),
    "SDL_UpdateTexture": (c_int, (c_void_p, _RECT, c_void_p, c_int)),
    "SDL_UpdateYUVTexture": (c_int, (c_void_p, _RECT, *(c_void_p, c_int) * 3)),
    "SDL_SetTextureScaleMode": (c_int, (c_void_p, c_int)),
    "SDL_SetTextureColorMod": (c_int, (c_void_p, c_uint8, c_uint8, c_uint8)),
    "SDL_SetYUVConversionMode": (None, (c_int,)),
    "SDL_RenderClear": (c_int, (c_void_p,)),
    "SDL_RenderCopy": (c_int, (c_void_p, c_void_p, _RECT, _RECT)),
    "SDL_RenderCopyExF": (c_int, (c_void_p, c_void_p, _RECT, POINTER(_RectF), c_double, c_void_p, c_int)),
    "SDL_RenderReadPixels": (c_int, (c_void_p, _RECT, c_uint32, c_void_p, c_int)),
    "SDL_RenderPresent": (None, (c_void_p,)),
}


class SdlError(PanelError):
    """SDL refused, or the device has gone; the message is SDL's own."""


def load(extension: str = pygame.display.__file__) -> Any:
    """The functions of the SDL behind that extension module. Raises SdlError if one is not to be found."""
    try:
        library = ctypes.CDLL(extension)
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as exc:
        raise SdlError(f"sdl: its functions are not found: {exc}") from exc
    return library


class Texture:
    """A picture in the memory of the chip; `handle` is None once it is gone, which SDL refuses.

    `coding` is that of a film's planes, None for pixels.
    """

    def __init__(self, library: Any, handle: int, size: tuple[int, int], coding: Coding | None) -> None:
        self._library = library
        self.handle: int | None = handle
        self.size = size
        self.coding = coding

    def bring(self, address: int, pitch_b: int, area: Rect) -> None:
        """The pixels at `address`, BGRX, take the place of `area`."""
        _done(self._library, self._library.SDL_UpdateTexture(self.handle, byref(_Rect(*area)), address, pitch_b))

    def bring_planes(self, planes: Planes) -> None:
        """A whole frame of the texture's size and coding. Raises ValueError if a plane is too short."""
        flat = [value for plane, pitch_b in planes.checked() for value in (_address(plane), pitch_b)]
        self.choose()
        _done(self._library, self._library.SDL_UpdateYUVTexture(self.handle, None, *flat))

    def choose(self) -> None:
        """Its way to colours is SDL's from here on, which has one at a time.

        Some renderers ask for it when a texture is made, some when a frame is brought, some when it is drawn.
        """
        if self.coding is not None:
            self._library.SDL_SetYUVConversionMode(_MODES[self.coding])

    def dim(self, pct: int) -> None:
        """Its colours are multiplied by that, 0 to 100 %, whenever it is drawn."""
        share = round(255 * pct / 100)
        _done(self._library, self._library.SDL_SetTextureColorMod(self.handle, share, share, share))

    def free(self) -> None:
        """May be called twice."""
        if self.handle is not None:
            self._library.SDL_DestroyTexture(self.handle)
            self.handle = None


class Window(NamedTuple):
    """`display` is one of several screens, from 0."""

    title: str
    display: int
    size: tuple[int, int]
    fullscreen: bool


class Renderer:
    """A window and what puts pictures together in it: "opengl", "opengles2", "software"; "": the first chip there is.

    On the whole screen a frame waits for the one before it to be seen, so that nothing tears; in a window it
    does not wait. Raises SdlError.
    """

    def __init__(self, library: Any, window: Window, name: str) -> None:
        self._library = library
        at = _UNDEFINED_POSITION + window.display
        flags = _FULLSCREEN if window.fullscreen else 0
        self._window = _made(library, library.SDL_CreateWindow, window.title.encode(), at, at, *window.size, flags)
        wanted = (_VSYNC if window.fullscreen else 0) | (0 if name else _ACCELERATED)
        try:
            index = self._index(name) if name else -1
            self._handle: int | None = _made(library, library.SDL_CreateRenderer, self._window, index, wanted)
        except SdlError:
            library.SDL_DestroyWindow(self._window)
            raise
        info, mode = _Info(), _Mode()
        library.SDL_GetRendererInfo(self._handle, byref(info))
        library.SDL_GetCurrentDisplayMode(window.display, byref(mode))
        self.name, self.hz = info.name.decode(), float(mode.hz or 60)
        self._textures: list[Texture] = []

    @property
    def size(self) -> tuple[int, int]:
        """Of the output, in pixels."""
        width, height = c_int(), c_int()
        self._library.SDL_GetRendererOutputSize(self._handle, byref(width), byref(height))
        return width.value, height.value

    def texture(self, size: tuple[int, int]) -> Texture:
        """For pixels."""
        return self._texture(_BGRX, size)

    def film(self, size: tuple[int, int], coding: Coding) -> Texture:
        """For the planes of a film of that coding."""
        self._library.SDL_SetYUVConversionMode(_MODES[coding])
        texture = self._texture(_IYUV, size, coding)
        _done(self._library, self._library.SDL_SetTextureScaleMode(texture.handle, _LINEAR))
        return texture

    def clear(self) -> None:
        """Black everywhere."""
        _done(self._library, self._library.SDL_RenderClear(self._handle))

    def draw(self, texture: Texture, area: Rect) -> None:
        """The whole texture, as large as `area`."""
        texture.choose()
        _done(self._library, self._library.SDL_RenderCopy(self._handle, texture.handle, None, byref(_Rect(*area))))

    def draw_turned(self, texture: Texture, area: Rect, turn: int) -> None:
        """The same, turned clockwise by 0, 90, 180 or 270 degrees; `area` is where it stands then.

        SDL's software counts whole pixels: at 270 degrees it is one beside where the sides differ by an odd number.
        """
        if not turn:
            self.draw(texture, area)
            return
        texture.choose()
        width, height = (area.h, area.w) if turn in (90, 270) else (area.w, area.h)  # SDL turns about the middle
        rect = _RectF(area.x + (area.w - width) / 2, area.y + (area.h - height) / 2, width, height)
        turned = self._library.SDL_RenderCopyExF(self._handle, texture.handle, None, byref(rect), turn, None, 0)
        _done(self._library, turned)

    def read(self, area: Rect, address: int, pitch_b: int) -> None:
        """What was drawn since the last `show`, into memory at `address`, BGRX."""
        rect = byref(_Rect(*area))
        _done(self._library, self._library.SDL_RenderReadPixels(self._handle, rect, _BGRX, address, pitch_b))

    def show(self) -> None:
        """What was drawn is seen; what is drawn next begins with nothing."""
        self._library.SDL_RenderPresent(self._handle)

    def close(self) -> None:
        """Its textures go with it. May be called twice."""
        for texture in self._textures:
            texture.free()
        self._textures.clear()
        if self._handle is not None:
            self._library.SDL_DestroyRenderer(self._handle)
            self._library.SDL_DestroyWindow(self._window)
            self._handle = None

    def _texture(self, pixels: int, size: tuple[int, int], coding: Coding | None = None) -> Texture:
        handle = _made(self._library, self._library.SDL_CreateTexture, self._handle, pixels, _STREAMING, *size)
        made = Texture(self._library, handle, size, coding)
        self._textures = [*(texture for texture in self._textures if texture.handle is not None), made]
        return made

    def _index(self, name: str) -> int:
        info = _Info()
        for index in range(self._library.SDL_GetNumRenderDrivers()):
            self._library.SDL_GetRenderDriverInfo(index, byref(info))
            if info.name.decode() == name:
                return index
        raise SdlError(f"sdl: there is no renderer {name!r} in this SDL")


def _made(library: Any, make: Callable[..., int | None], *arguments: Any) -> int:
    handle = make(*arguments)
    if not handle:
        raise SdlError(_error(library))
    return handle


def _done(library: Any, result: int) -> None:
    if result < 0:
        raise SdlError(_error(library))


def _error(library: Any) -> str:
    return f"sdl: {library.SDL_GetError().decode('utf-8', 'replace')}"


def _address(plane: memoryview) -> int:
    return ctypes.addressof(c_uint8.from_buffer(plane))
