"""Logging set-up: one stream, standard error, in the form its reader wants."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from typing import Final, TextIO

_SYSLOG: Final = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7}


def set_up(level: str, stream: TextIO = sys.stderr, environ: Mapping[str, str] = os.environ) -> None:
    """Send records of `level` ("debug", "info", "warning", "error") and above to `stream`.

    Under systemd (JOURNAL_STREAM is set) the journal stamps the time and reads a priority in front
    of each line; on a terminal the line carries its own time. Called again, it replaces the former.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Journal() if "JOURNAL_STREAM" in environ else _Terminal())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


class _Terminal(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")


class _Journal(logging.Formatter):
    """A priority prefix on every line, so that a traceback keeps its level in the journal (sd-daemon(3))."""

    def __init__(self) -> None:
        super().__init__("%(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        priority = _SYSLOG.get(record.levelno, 6)
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).split("\n"))
