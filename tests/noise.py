"""Noise that is the same in every run: what is torn, scratched or hard to pack is so at the same byte each time."""

from __future__ import annotations

import random

import numpy as np
from PIL import Image


def noisy(size: tuple[int, int], spread: float, seed: int = 0) -> Image.Image:
    """A grey picture of normal noise round 128 with the standard deviation `spread`; another one for each `seed`."""
    drawn = np.random.default_rng(seed).normal(128, spread, (size[1], size[0]))
    return Image.fromarray(drawn.clip(0, 255).astype(np.uint8))


def noisy_film(size: tuple[int, int], spread: float, count: int) -> list[Image.Image]:
    """`count` such pictures in RGB, each another one."""
    return [noisy(size, spread, seed).convert("RGB") for seed in range(count)]


def noisy_bytes(count: int) -> bytes:
    return random.Random(count).randbytes(count)
