"""Keeps hold of the panel: a device that goes while it shows is closed, and opened again as soon as it is back."""

from __future__ import annotations

import logging
import math
from typing import Final

from drivers.panel import Panel, PanelError

log = logging.getLogger(__name__)

RETRY_S: Final = 2.0  # how often a panel that went is looked for


class Grip:
    """`trouble` says, for health, why there is no panel; it is empty while there is one."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._due_s = -math.inf
        self.trouble = ""

    def lost(self, why: PanelError, monotonic_s: float) -> None:
        """The panel refused to show: it is given back at once, so that whoever plugs it in again finds it free."""
        log.error("the panel is lost: %s", why)
        self.trouble, self._due_s = str(why), monotonic_s + RETRY_S
        try:
            self._panel.close()
        except PanelError as exc:
            log.warning("the panel cannot be closed: %s", exc)

    def holds(self, monotonic_s: float) -> bool:
        """Whether there is a panel; one that was lost is tried again now and then. A new one shows nothing yet."""
        if not self.trouble:
            return True
        if monotonic_s < self._due_s:
            return False
        self._due_s = monotonic_s + RETRY_S
        try:
            self._panel.open()
        except PanelError as exc:
            self.trouble = str(exc)
            return False
        log.warning("the panel is back")
        self.trouble = ""
        return True

    def next_s(self, monotonic_s: float) -> float:
        """Seconds until a lost panel is tried again; infinity while there is one."""
        return max(0.0, self._due_s - monotonic_s) if self.trouble else math.inf
