"""A driver's module, by the name that stands in the settings."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from types import ModuleType


def driver_module(kind: str, name: str, names: Sequence[str], refused: type[Exception]) -> ModuleType:
    """The module of the `kind` of driver ("panel", "speaker", "light") called `name`.

    Raises `refused`, the error of that kind, if it is none of `names`.
    """
    if name not in names:
        raise refused(f"there is no {kind} driver {name!r}; there are {', '.join(names)}")
    return importlib.import_module(f"drivers.{kind}s.{name}")
