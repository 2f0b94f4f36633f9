"""What tests of several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SYSTEM_CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def chromium_path() -> str | None:
    """The Chromium that browser tests drive: the system's; None, Playwright's own, where there is only a snap.

    scripts/test installs by the same rule.
    """
    return str(SYSTEM_CHROMIUM) if os.access(SYSTEM_CHROMIUM, os.X_OK) else None
