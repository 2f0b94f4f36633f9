"""The form of one figure of a bench: what was found, ours beside a baseline, in which unit, from how many runs."""

from __future__ import annotations

from typing import Any


def measured(value: float, ours: float, baseline: float | None, unit: str, n: int) -> dict[str, Any]:
    return {
        "value": _short(value),
        "ours": _short(ours),
        "baseline": baseline and _short(baseline),
        "unit": unit,
        "n": n,
    }


def plain(value: float, unit: str, n: int) -> dict[str, Any]:
    """A figure with nothing to compare it with."""
    return measured(value, value, None, unit, n)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
