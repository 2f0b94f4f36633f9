"""The screen's report on itself. It is made when it is due and sent if there is a connection; no disk sees it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from player.model import Clock, ClockQuality, Health

_FLAT: Final = (str, int, float, bool, type(None))
_TEXT_LIMIT: Final = 300
_BETWEEN: Final = ", "
_LIST_LIMIT: Final = 6000  # twenty files that failed, each with its reason, in a message of at most 64 kB
LOW_DISK_MB: Final = 200
_FILM_PROCESS: Final = "process:"  # how the player begins a reason when a film's process ended by itself
JUMP_TOLD_S: Final = 3600.0  # so long a jump of the clock is an alarm; its figures stay
STALE_S: Final = 90.0  # the player writes its figures at least this often


@dataclass(frozen=True, slots=True)
class Machine:
    """What stays the same as long as the process runs."""

    screen: str
    version: str
    boot: str
    started_s: float  # on the clock `monotonic`
    monotonic: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the parts of the agent say of themselves; `alarms` are their own words."""

    seq: int
    clock: Clock
    agent: dict[str, Any]
    voice: dict[str, Any]
    alarms: tuple[str, ...]


class Reporter:
    """Builds Health values. `board` gives the machine's figures, asked anew each time."""

    def __init__(self, machine: Machine, player_status: Path, board: Callable[[], dict[str, Any]]) -> None:
        self.machine = machine
        self._player_status = player_status
        self._board = board

    def report(self, now: datetime, parts: Parts) -> Health:
        """The state of this screen at `now`."""
        machine = self.machine
        player = _player_figures(self._player_status, now)
        board = self._board()
        return Health(
            screen=machine.screen,
            at=now,
            version=machine.version,
            boot=machine.boot,
            uptime_s=round(machine.monotonic() - machine.started_s, 1),
            seq=parts.seq,
            clock=parts.clock,
            agent=flat(parts.agent),
            player=flat(player),
            board=flat(board),
            voice=flat(parts.voice),
            alarms=tuple(sorted({*parts.alarms, *board_alarms(board), *_seen_from_here(player, parts.clock)})),
        )


def board_alarms(board: dict[str, Any]) -> list[str]:
    """What the machine's own figures give reason to worry about."""
    storage_errors, disk_free_mb = board.get("storage_errors"), board.get("disk_free_mb")
    checks = {
        "under-voltage": board.get("under_voltage") == "yes",
        "throttled": board.get("throttled") == "yes",
        "storage-errors": bool(storage_errors),
        "disk-nearly-full": disk_free_mb is not None and disk_free_mb < LOW_DISK_MB,
    }
    return [name for name, wrong in checks.items() if wrong]


def player_alarms(player: dict[str, Any]) -> list[str]:
    """What the player's own figures, as it wrote them, give reason to worry about."""
    panel, halted = _part(player, "panel"), _part(player, "halted")
    reasons = [str(skip.get("why", "")) for skip in _listed(player, "skipped")]
    reasons += [str(_part(player, name).get("trouble", "")) for name in ("film", "music")]
    lost = [reason for reason in reasons if reason.startswith(_FILM_PROCESS)]
    checks = {
        "settings-refused": halted.get("what") == "settings",
        "panel-lost": panel.get("held") == "no" or halted.get("what") == "panel",
        "led-helper-lost": panel.get("helper") == "lost",
        "film-process-lost": bool(lost),
        "asset-skipped": any(reason not in lost for reason in reasons if reason),
        "time-jumped": _jumped_lately(player),
    }
    return [name for name, wrong in checks.items() if wrong]


def _jumped_lately(player: dict[str, Any]) -> bool:
    """A clock that was believed was put elsewhere a while ago; the first setting after a start is none."""
    ago_s = player.get("clock_jumped_ago_s")
    return player.get("clock_was_believed") == "yes" and isinstance(ago_s, int | float) and ago_s < JUMP_TOLD_S


def _part(figures: dict[str, Any], name: str) -> dict[str, Any]:
    part = figures.get(name)
    return part if isinstance(part, dict) else {}


def _listed(figures: dict[str, Any], name: str) -> list[dict[str, Any]]:
    part = figures.get(name)
    return [one for one in part if isinstance(one, dict)] if isinstance(part, list) else []


def _seen_from_here(player: dict[str, Any], clock: Clock) -> list[str]:
    """Figures that are not fresh say nothing of now but that the player is silent, and perhaps why."""
    fresh = player.get("running") == "yes" or bool(_part(player, "halted"))
    silent = player_alarms(player) if fresh else ["player-silent"]
    doubtful = [f"clock-{clock.quality}"] if clock.quality is not ClockQuality.TRUSTED else []
    return silent + doubtful


def read_player(file: Path, now: datetime) -> dict[str, Any]:
    """The player's own figures, flat, and under "running" whether they are fresh: yes, no or unknown."""
    return flat(_player_figures(file, now))


def _player_figures(file: Path, now: datetime) -> dict[str, Any]:
    try:
        age_s = now.timestamp() - file.stat().st_mtime
        figures = json.loads(file.read_bytes())
    except FileNotFoundError:
        return {"running": "unknown"}
    except (OSError, ValueError):
        return {"running": "unknown", "problem": "its figures cannot be read"}
    if not isinstance(figures, dict):
        return {"running": "unknown", "problem": "its figures are not figures"}
    return figures | {"running": "yes" if abs(age_s) <= STALE_S and not _part(figures, "halted") else "no"}


def flat(figures: dict[str, Any]) -> dict[str, Any]:
    """One level of plain values: what is deeper is written out with dots, long texts are cut.

    A list becomes one text of whole entries; "+3" at its end tells of three more.
    """
    plain: dict[str, Any] = {}
    for name, value in figures.items():
        if isinstance(value, dict):
            plain |= {f"{name}.{key}": inner for key, inner in flat(value).items()}
        elif isinstance(value, str):
            plain[name] = value[:_TEXT_LIMIT]
        elif isinstance(value, _FLAT):
            plain[name] = value
        elif isinstance(value, list | tuple):
            plain[name] = _in_a_row(value)
        else:
            plain[name] = str(value)[:_TEXT_LIMIT]
    return plain


def _in_a_row(entries: Sequence[Any]) -> str:
    """The entries up to the limit, none of them cut so short that its reason is lost to make room for another."""
    words = [_entry(one)[:_TEXT_LIMIT] for one in entries]
    ends = list(itertools.accumulate(len(one) + len(_BETWEEN) for one in words))
    fit = sum(end <= _LIST_LIMIT for end in ends)
    return _BETWEEN.join([*words[:fit], *([f"+{len(words) - fit}"] if fit < len(words) else [])])


def _entry(one: Any) -> str:
    """A thing with a reason, as the player tells what it passes over, reads "thing: reason"."""
    return ": ".join(map(str, one.values())) if isinstance(one, dict) else str(one)
