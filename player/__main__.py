"""The player process: `python -m player --config FILE`. It starts lean: click stays out."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from config.faults import ConfigError
from config.loader import load_screen
from config.logs import set_up
from drivers.light import DRIVERS as LIGHTS
from drivers.options import OptionError
from drivers.panel import DRIVERS as PANELS
from drivers.panel import PanelError
from drivers.process import die_with_parent
from drivers.speaker import DRIVERS as SPEAKERS
from player import halted
from player.app import FolderError, run
from player.clock import ClockError, FileClock, SystemClock
from player.schema import AGENT_DB
from player.store import Store

log = logging.getLogger("player")

BAD_SETTINGS = 78  # EX_CONFIG: starting again does not help


def main(arguments: list[str]) -> int:
    """Runs until it is told to stop; 0 then, 75 to be started again, 78 for bad settings, 1 without panel or folders.

    Where it could not begin, its status file says why.
    """
    parser = argparse.ArgumentParser("python -m player", description="Shows on the panel what the agent committed.")
    parser.add_argument("--config", type=Path, required=True, help="the screen's YAML settings")
    parser.add_argument("--clock-file", type=Path, help="the wall clock stands at the instant in this file")
    parser.add_argument("--die-with-parent", action="store_true", help="end when the starting process ends")
    given = parser.parse_args(arguments)
    if given.die_with_parent:
        die_with_parent(os.getppid())
    try:
        known = {"panel.driver": PANELS, "light.driver": LIGHTS, "speaker.driver": SPEAKERS}
        settings = load_screen(given.config, known)
        set_up(settings.log_level)
        clock = FileClock(given.clock_file) if given.clock_file else SystemClock()
        store = Store(settings.state_dir / AGENT_DB)
        watched = (settings.state_dir / AGENT_DB, *([given.clock_file] if given.clock_file else []))
        return run(settings, clock, store, watched, by_hand=given.clock_file is not None)
    except (ConfigError, OptionError, ClockError) as exc:
        log.error("%s", exc)
        halted.tell(given.config, halted.SETTINGS, str(exc), datetime.now(UTC))
        return BAD_SETTINGS
    except FolderError as exc:
        log.error("%s", exc)
        return 1
    except PanelError as exc:
        log.error("%s", exc)
        halted.tell(given.config, halted.PANEL, str(exc), datetime.now(UTC))
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
