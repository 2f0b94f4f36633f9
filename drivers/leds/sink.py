"""Where an LED helper puts its frames: the contract of a sink, and how one is found.

A sink lives in a process of its own (`drivers.leds.helper`); its module is named after its kind and
has a class `Sink`. It is opened once, shown whole pictures, and says of itself what health should know.
"""

from __future__ import annotations

import importlib
import os
import pwd
from collections.abc import Mapping
from typing import Any, Protocol


class SinkError(Exception):
    """The sink cannot be opened; the message says what to look at."""


class Sink(Protocol):
    """`picture` is written by the caller, h rows of w BGRX; `show` brings it to the LEDs. It may raise OSError."""

    picture: memoryview

    def open(self) -> None: ...
    def show(self) -> None: ...
    def facts(self) -> dict[str, Any]: ...
    def close(self) -> None: ...


def load(kind: str, driver: str, size: tuple[int, int], options: Mapping[str, Any]) -> Sink:
    """The sink of that kind, not yet opened. Raises SinkError, GeometryError."""
    try:
        module = importlib.import_module(f"drivers.leds.sink_{kind}")
    except ModuleNotFoundError as exc:
        raise SinkError(f"the Python module {exc.name} is not installed: scripts/install --leds {driver}") from exc
    sink: Sink = module.Sink(driver, size, options)
    return sink


def drop_root(driver: str, user: str) -> None:
    """From root to `user`, for good. Raises SinkError if there is no such user."""
    if os.geteuid() != 0:
        return
    try:
        entry = pwd.getpwnam(user)
    except KeyError as exc:
        raise SinkError(f"{driver}: user={user}: there is no such user") from exc
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
