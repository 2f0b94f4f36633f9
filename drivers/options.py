"""Readers for driver options: a raw YAML value in, a checked one out, ValueError with a reason otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def one_of(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return str(value)

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


def numbers(count: int) -> Callable[[Any], tuple[int, ...]]:
    """`count` whole numbers from 0, as a list or as text with commas."""

    def read(value: Any) -> tuple[int, ...]:
        parts = value.split(",") if isinstance(value, str) else list(value)
        read_parts = tuple(int(part) for part in parts)
        if len(read_parts) != count or min(read_parts) < 0:
            raise ValueError(f"must be {count} whole numbers from 0")
        return read_parts

    return read
