"""The settings of one screen: frozen values with their units in their names, as `config.loader` reads them.

A part of the program receives the numbers and paths it needs, not this object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class PublisherSettings:
    """Where the screen fetches from. `ca_file` replaces the system's authorities for https and the broker.

    With `cert_file` and its `key_file` the screen proves itself to a broker that asks for a certificate.
    """

    url: str
    ca_file: Path | None
    cert_file: Path | None
    key_file: Path | None


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """The panel and how it hangs. `options` belong to the driver, which checks them itself.

    `floor_px` is the smallest line height that is shown, `distance_m` the reader's distance it
    may be worked out from; both None: the default for `kind`. `rotation` is clockwise degrees.
    `transition` is how one picture gives way to the next.
    """

    driver: str
    width_px: int
    height_px: int
    kind: str
    rotation: int
    transition: str
    floor_px: int | None
    distance_m: float | None
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LightSettings:
    """The light around the board and what it does to the brightness.

    At `bright_lux` and above the schedule alone counts; at `dark_lux` and below `floor_pct` of it is left.
    """

    driver: str
    dark_lux: float
    bright_lux: float
    floor_pct: int
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SpeakerSettings:
    driver: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """`engine` auto: Piper where a voice is installed, else espeak-ng, with the `accent` north or south."""

    engine: str
    accent: str
    speed_wpm: int


@dataclass(frozen=True, slots=True)
class PrepareSettings:
    """The worker that decodes and shapes: its memory cap, and the disk its finished frames may take."""

    memory_mb: int
    cache_mb: int


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """The disk that fetched pictures and sound may take before the oldest unused ones go."""

    budget_mb: int


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """One screen. `state_dir` survives a reboot, `run_dir` need not (a tmpfs on a real screen)."""

    publisher: PublisherSettings
    state_dir: Path
    run_dir: Path
    clock: str
    panel: PanelSettings
    light: LightSettings
    speaker: SpeakerSettings
    voice: VoiceSettings
    prepare: PrepareSettings
    media: MediaSettings
    health_interval_s: int
    import_dir: Path | None
    log_level: str
