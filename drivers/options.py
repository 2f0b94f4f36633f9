"""The options a driver declares, and how they are read: a raw YAML value in, a checked one out, or a clear refusal.

The readers raise ValueError with the reason; `read_options` adds which option of which driver it was.
"""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class OptionError(ValueError):
    """An option of a driver is unknown or out of range."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option a driver declares: its default, how a raw value is read (ValueError if it cannot be), and its use."""

    default: Any
    read: Callable[[Any], Any]
    help: str


def read_options(driver: str, declared: Mapping[str, Option], raw: Mapping[str, Any]) -> dict[str, Any]:
    """`raw` with defaults filled in and every value read. Raises OptionError with one line for each wrong option."""
    values = {name: option.default for name, option in declared.items()}
    faults = []
    for name, value in raw.items():
        option = declared.get(name)
        if option is None:
            faults.append(f"{driver}: no option {name!r}{_meant(name, declared)}")
        elif value is not None:
            try:
                values[name] = option.read(value)
            except (ValueError, TypeError) as exc:
                faults.append(f"{driver}: {name}={value!r}: {exc} ({option.help})")
    if faults:
        raise OptionError("\n".join(faults))
    return values


def _meant(name: str, declared: Mapping[str, Option]) -> str:
    near = difflib.get_close_matches(name, declared, n=1)
    return f"; there are {', '.join(declared) or 'none'}" + (f"; did you mean {near[0]!r}?" if near else "")


def one_of(*choices: Any) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if not isinstance(value, bool) and value in choices:
            return choices[choices.index(value)]  # 90 for 90.0
        words = [str(choice) for choice in choices]
        near = difflib.get_close_matches(str(value), words, n=1)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"must be one of {', '.join(words)}{meant}")

    return read


def whole(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"must be a whole number {low} to {high}")
        return value

    return read


def yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("must be a text")
    return value


def address(value: Any) -> str:
    try:
        return str(ipaddress.IPv4Address(text(value)))  # of a bare number it would make some address
    except ValueError as exc:
        raise ValueError("must be an IPv4 address such as 192.168.1.50") from exc


def number(low: float, high: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise ValueError(f"must be a number {low:g} to {high:g}")
        return float(value)

    return read


def numbers(count: int, low: int, high: int) -> Callable[[Any], tuple[int, ...]]:
    """`count` whole numbers `low` to `high`, as a list or as text with commas."""
    one = whole(low, high)

    def read(value: Any) -> tuple[int, ...]:
        try:
            parts = value.split(",") if isinstance(value, str) else list(value)
            found = tuple(one(int(part) if isinstance(part, str) else part) for part in parts)
        except (ValueError, TypeError):
            found = ()
        if len(found) != count:
            raise ValueError(f"must be {count} whole numbers {low} to {high}")
        return found

    return read
