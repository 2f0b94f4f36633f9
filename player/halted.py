"""The last word of a player that cannot begin: its status file holds why, until the next one begins."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Final

from config.faults import ConfigError
from config.loader import load_screen
from player.plays import stamp
from player.schema import PLAYER_STATUS
from player.status import StatusFile

log = logging.getLogger(__name__)

SETTINGS: Final = "settings"  # somebody has to change them
PANEL: Final = "panel"  # it may come back by itself


def tell(config: Path, what: str, why: str, now: datetime) -> None:
    """Leaves `why` there where the agent of the screen with the settings `config` looks for the player's figures.

    `what` is SETTINGS or PANEL. Where the agent cannot read the settings either nobody would look, and a
    folder that cannot be written is no reason to end otherwise: then the log alone has it.
    """
    try:
        run_dir = load_screen(config).run_dir  # as the agent does, without knowing of drivers
        file = StatusFile(run_dir / PLAYER_STATUS)
    except (ConfigError, OSError) as exc:
        log.debug("no last word: %s", exc)
        return
    facts = {"instant": stamp(now), "halted": {"what": what, "why": why}, "pid": os.getpid()}
    file.tick(0.0, None, lambda: facts)
