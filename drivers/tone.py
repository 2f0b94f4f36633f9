"""What is done to each colour value on its way to a panel: gamma, as LEDs are linear and eyes are not, and dimming.

Pictures are coded for the eye (sRGB, close to a power of 2.2); an LED's light follows the time it is lit.
A panel that bends the values itself, as HDMI screens do, has gamma 1.
"""

from __future__ import annotations

from typing import Final

import pygame

from drivers.surfaces import surface_bytes

LED_GAMMA: Final = 2.2
_AT_ONCE_B: Final = 1 << 15  # what fits the processor's nearest memory, and needs no new pages from the system


class Tone:
    """One panel's correction: `gamma` is fixed, `brightness_pct` moves. Raises ValueError for what cannot be."""

    def __init__(self, gamma: float = 1.0) -> None:
        if not 0.5 <= gamma <= 4.0:
            raise ValueError(f"gamma {gamma:g}: allowed are 0.5 to 4")
        self.gamma = gamma
        self.brightness_pct = 100
        self._table = table(gamma, 100)
        self._seen = _seen(gamma)

    def dim(self, pct: int) -> None:
        if not 0 <= pct <= 100:
            raise ValueError(f"brightness {pct} %: allowed are 0 to 100")
        self.brightness_pct = pct
        self._table = table(self.gamma, pct)

    def bake(self, picture: pygame.Surface) -> None:
        """Corrects a 32-bit picture in place; of a part of another picture (a subsurface) that part alone."""
        if self.gamma == 1.0 and self.brightness_pct == 100:
            return
        pixels, pitch, row_b = surface_bytes(picture), picture.get_pitch(), 4 * picture.get_width()
        step, length = (_AT_ONCE_B, _AT_ONCE_B) if pitch == row_b else (pitch, row_b)
        for start in range(0, len(pixels), step):
            part = pixels[start : start + length]
            part[:] = part.tobytes().translate(self._table)

    def seen(self, rgb: bytes) -> bytes:
        """Baked values as the eye takes them: gamma undone, dimming kept."""
        return rgb if self.gamma == 1.0 else rgb.translate(self._seen)


def table(gamma: float, brightness_pct: int) -> bytes:
    """What each of the 256 values becomes. `brightness_pct` scales the light of a linear panel, the code of another."""
    return bytes(round(255 * (value / 255) ** gamma * brightness_pct / 100) for value in range(256))


def _seen(gamma: float) -> bytes:
    return bytes(round(255 * (value / 255) ** (1 / gamma)) for value in range(256))
