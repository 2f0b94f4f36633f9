"""What a unit decides about its screens, inherited down the tree: only what differs is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from player.model import DayPart, Desired, Dimmed
from player.when import DAY_MIN
from publisher.units.models import Unit

BOARD: Final = "board"
CENTRAL: Final = "central"

_DEFAULT: Final = Desired()


@dataclass(frozen=True)
class UnitPolicy:
    """The rules in force in a unit. Hours are minutes of the day; empty `opening` means day and night."""

    opening: tuple[DayPart, ...] = _DEFAULT.opening
    quiet: tuple[DayPart, ...] = _DEFAULT.quiet
    speaking: tuple[DayPart, ...] = _DEFAULT.speaking
    volume_pct: int = _DEFAULT.volume_pct
    brightness_pct: int = _DEFAULT.brightness_pct
    dimmed: tuple[DayPart, ...] = ()  # hours at `dimmed_pct` in place of `brightness_pct`
    dimmed_pct: int = 40
    two_person: bool = True  # writer and approver are different people
    thousand: str = ""  # "nghìn" or "ngàn"; empty: as the province speaks
    zero: str = ""  # "linh" or "lẻ"; empty: as the province speaks
    papers: str = ""  # "short" leaves out the letters of a paper's number and the stroke before them; empty: "full"
    speech: str = BOARD  # who speaks for the machine: each board by itself, or the publisher for all of them

    def desired(self) -> Desired:
        """The part of it that a screen converges to."""
        return Desired(
            brightness_pct=self.brightness_pct,
            volume_pct=self.volume_pct,
            opening=self.opening,
            quiet=self.quiet,
            speaking=self.speaking,
            dimmed=tuple(Dimmed(part, self.dimmed_pct) for part in self.dimmed),
        )


class PolicyError(ValueError):
    """A stored or typed setting is not one; the message names it, its value and what is allowed."""


_HOURS: Final = ("opening", "quiet", "speaking", "dimmed")
_CHOICES: Final = {
    "thousand": ("", "nghìn", "ngàn"),
    "zero": ("", "linh", "lẻ"),
    "papers": ("", "full", "short"),
    "speech": ("", BOARD, CENTRAL),
}
_NAMES: Final = tuple(field.name for field in fields(UnitPolicy))


def policy_of(unit: Unit) -> UnitPolicy:
    """The rules of `unit`: the defaults, changed by each unit from the top down to it."""
    line: list[Unit] = []
    step: Unit | None = unit
    while step is not None:
        line.append(step)
        step = step.parent
    policy = UnitPolicy()
    for each in reversed(line):
        policy = _changed(policy, each.settings)
    return policy


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same settings, if every one of them is allowed. Raises PolicyError naming all that are not."""
    errors = [error for name, value in given.items() if (error := _error_of(name, value))]
    if errors:
        raise PolicyError("; ".join(errors))
    return dict(given)


def _changed(policy: UnitPolicy, given: Mapping[str, Any]) -> UnitPolicy:
    values = {name: value for name, value in given.items() if name in _NAMES}
    for name in _HOURS:
        if name in values:
            values[name] = tuple(_hours(part) for part in values[name])
    return replace(policy, **values)


def _hours(part: Mapping[str, Any]) -> DayPart:
    return DayPart(
        start_min=int(part["start_min"]),
        end_min=int(part["end_min"]),
        weekdays=tuple(part.get("weekdays", (1, 2, 3, 4, 5, 6, 7))),
    )


def _error_of(name: str, value: Any) -> str:
    if name not in _NAMES:
        return f"{name}: unknown, known are {', '.join(_NAMES)}"
    if name in _CHOICES:
        return "" if value in _CHOICES[name] else f"{name}: {value!r}, needs one of {', '.join(_CHOICES[name][1:])}"
    if name == "two_person":
        return "" if isinstance(value, bool) else f"{name}: {value!r}, needs true or false"
    if name.endswith("_pct"):
        good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100
        return "" if good else f"{name}: {value!r}, needs a number from 0 to 100"
    return _error_of_hours(name, value)


def _error_of_hours(name: str, value: Any) -> str:
    wanted = f"{name}: {value!r}, needs a list of {{start_min, end_min}} in minutes 0 to 1440"
    if not isinstance(value, list):
        return wanted
    for part in value:
        if not isinstance(part, dict) or not {"start_min", "end_min"} <= set(part) <= {
            "start_min", "end_min", "weekdays",
        }:  # fmt: skip
            return wanted
        if not all(isinstance(part[key], int) and 0 <= part[key] <= DAY_MIN for key in ("start_min", "end_min")):
            return wanted
        if not all(day in range(1, 8) for day in part.get("weekdays", [])):
            return wanted
    return ""
