"""What each setting may be: one rule a dotted path, and the readers the rules are made of.

A reader takes a YAML value and gives the setting's value, or raises ValueError with a short
reason; the rule's `allowed` line is what staff are told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

Reader = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """How one setting is read and what is allowed; `choices` feeds the suggestions."""

    read: Reader
    allowed: str
    choices: tuple[str, ...] = ()


def whole(low: int, high: int, unit: str = "") -> Rule:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError
        return value

    return Rule(read, f"số nguyên {low}–{high} {unit}".rstrip() + f" / a whole number {low} to {high} {unit}".rstrip())


def number(low: float, high: float, unit: str) -> Rule:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise ValueError
        return float(value)

    return Rule(read, f"số {low:g}–{high:g} {unit} / a number {low:g} to {high:g} {unit}")


def one_of(*choices: Any) -> Rule:
    def read(value: Any) -> Any:
        if isinstance(value, bool):
            raise ValueError
        return choices[choices.index(value)]  # 90 for 90.0; raises ValueError for none of them

    words = ", ".join(str(choice) for choice in choices)
    return Rule(read, f"một trong / one of: {words}", tuple(c for c in choices if isinstance(c, str)))


def path() -> Rule:
    def read(value: Any) -> Path:
        if not isinstance(value, str) or not value.strip() or "\0" in value:
            raise ValueError
        try:
            return Path(value).expanduser()
        except RuntimeError as exc:  # ~name, and nobody of that name is here
            raise ValueError from exc

    return Rule(read, "đường dẫn / a path")


def url() -> Rule:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError
        parts = urlsplit(value)
        _ = parts.port  # a port out of range raises ValueError here, not at the first request
        if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", value) or parts.username:
            raise ValueError
        return value.rstrip("/")

    return Rule(read, "địa chỉ http:// hoặc https://, không kèm mật khẩu / an http or https address, no password in it")


def name() -> Rule:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", value):
            raise ValueError
        return value

    return Rule(read, "tên gồm chữ thường a–z / a name in lower-case letters")


def mapping() -> Rule:
    def read(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise ValueError
        return dict(value)

    return Rule(read, "các mục «tên: giá trị» / a block of name: value")


def optional(rule: Rule) -> Rule:
    return Rule(lambda value: None if value is None else rule.read(value), f"null, {rule.allowed}", rule.choices)


RULES: Final[dict[str, Rule]] = {
    "publisher.url": url(),
    "publisher.ca_file": optional(path()),
    "publisher.cert_file": optional(path()),
    "publisher.key_file": optional(path()),
    "state_dir": path(),
    "run_dir": path(),
    "clock": one_of("auto", "trusted"),
    "panel.driver": name(),
    "panel.width_px": whole(32, 7680, "px"),
    "panel.height_px": whole(16, 7680, "px"),
    "panel.kind": one_of("hdmi", "led"),
    "panel.rotation": one_of(0, 90, 180, 270),
    "panel.transition": one_of("auto", "cut", "fade", "turn"),
    "panel.floor_px": optional(whole(5, 2000, "px")),
    "panel.distance_m": optional(number(0.3, 200, "m")),
    "panel.options": mapping(),
    "light.driver": name(),
    "light.dark_lux": number(0.01, 100_000, "lux"),
    "light.bright_lux": number(0.1, 200_000, "lux"),
    "light.floor_pct": whole(1, 100, "%"),
    "light.options": mapping(),
    "speaker.driver": name(),
    "speaker.options": mapping(),
    "voice.engine": one_of("auto", "espeak", "piper"),
    "voice.accent": one_of("north", "south"),
    "voice.speed_wpm": whole(80, 300, "từ/phút (words a minute)"),
    "prepare.memory_mb": whole(256, 16_384, "MB"),
    "prepare.cache_mb": whole(64, 1_000_000, "MB"),
    "media.budget_mb": whole(64, 1_000_000, "MB"),
    "health_interval_s": whole(1, 3600, "s"),
    "import_dir": optional(path()),
    "log_level": one_of("debug", "info", "warning", "error"),
}
