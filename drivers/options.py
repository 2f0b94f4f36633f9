"""Readers for driver options: a raw YAML value in, a checked one out, ValueError with a reason otherwise."""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Callable
from typing import Any


def one_of(*choices: Any) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, bool) or value not in choices:
            words = [str(choice) for choice in choices]
            near = difflib.get_close_matches(str(value), words, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"must be one of {', '.join(words)}{meant}")
        return value

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
        return str(ipaddress.IPv4Address(value))
    except ValueError as exc:
        raise ValueError("must be an IPv4 address such as 192.168.1.50") from exc


def number(low: float, high: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise ValueError(f"must be a number {low:g} to {high:g}")
        return float(value)

    return read


def numbers(count: int, low: int = 0) -> Callable[[Any], tuple[int, ...]]:
    """`count` whole numbers from `low`, as a list or as text with commas."""

    def read(value: Any) -> tuple[int, ...]:
        parts = value.split(",") if isinstance(value, str) else list(value)
        read_parts = tuple(int(part) for part in parts)
        if len(read_parts) != count or min(read_parts) < low:
            raise ValueError(f"must be {count} whole numbers from {low}")
        return read_parts

    return read
