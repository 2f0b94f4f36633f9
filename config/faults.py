"""What is wrong in a settings file: one line a fault, Vietnamese first, so that all can be mended in one go."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

_SHOWN = 60  # characters of a wrong value that are worth repeating


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is (`line` counts from 1, 0 = the whole file), what stands there, what is allowed."""

    file: Path
    line: int
    path: str
    problem: str
    value: str = ""
    allowed: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        text = f"{place}: {self.path + ': ' if self.path else ''}{self.problem}"
        if self.value:
            text += f": {_presentable(self.value)}"
        if self.allowed:
            text += f"; cho phép / allowed: {self.allowed}"
        if self.suggestion:
            text += f"; ý bạn là / did you mean {self.suggestion!r}?"
        return text


def _presentable(value: str) -> str:
    """Short enough for a line, and without the password that an address may carry: faults go into logs.

    Half a character, which YAML can name ("\\ud800") and no log can hold, is written as its number.
    """
    masked = re.sub(r"://[^/\s]*@", "://…@", value).encode("utf-8", "backslashreplace").decode()
    return masked if len(masked) <= _SHOWN else masked[:_SHOWN] + "…"


class ConfigError(Exception):
    """A settings file cannot be used. `faults` holds every one found, `str()` one line for each."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(map(str, self.faults)))


def nearest(word: str, choices: Collection[str]) -> str:
    """The choice fewest letters away from `word`, or empty when none is near enough to be meant.

    A name without its unit ("width") means the one with it ("width_px").
    """
    folded = word.casefold().replace("-", "_")
    longer = [choice for choice in choices if folded and choice.startswith(f"{folded}_")]
    if len(longer) == 1:
        return longer[0]
    ranked = sorted((distance(folded, choice), choice) for choice in choices)
    if not ranked or ranked[0][0] > max(1, len(word) // 3):
        return ""
    return ranked[0][1]


def distance(a: str, b: str) -> int:
    """How many letters must be put in, taken out, replaced or swapped with a neighbour to make `b` of `a`."""
    table = [[i + j if i == 0 or j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i, left in enumerate(a, 1):
        for j, right in enumerate(b, 1):
            cost = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, table[i - 2][j - 2] + 1)
            table[i][j] = cost
    return table[-1][-1]
