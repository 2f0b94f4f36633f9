"""Keeps the agent small: the libraries it stands on look for optional helpers it has no use for.

sqlite-utils takes numpy and pandas in where they are installed (Piper brings numpy to every
screen), only to name their column types; requests takes in a detector of text encodings, and
the agent reads bytes. Together they are 15 MB of a screen's memory. `import agent.lean` comes
first wherever the agent starts.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Final

_UNWANTED: Final = ("numpy", "pandas", "chardet", "charset_normalizer")


@contextmanager
def without(*names: str) -> Iterator[None]:
    """While this lasts, importing one of `names` raises ImportError; modules already loaded are left alone."""
    blocked = [name for name in names if name not in sys.modules]
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    modules.update(dict.fromkeys(blocked))
    try:
        yield
    finally:
        for name in blocked:
            if modules.get(name) is None:
                modules.pop(name, None)


with without(*_UNWANTED), warnings.catch_warnings():
    warnings.simplefilter("ignore")  # requests speaks up about the missing detector
    import requests  # noqa: F401
    import sqlite_utils.db  # noqa: F401
