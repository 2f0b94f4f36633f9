"""What spares the engine trying a rule must never spare a rule that would have matched."""

from __future__ import annotations

import random

import pytest

from tts.lexicon import default_lexicon
from tts.reader import Reader
from tts.reader.engine import Table
from tts.reader.rules import RULES

_PIECES = (
    *("0", "1", "84", "09", "24/24", "1900 1006", "0912 345 678", "18001091", "115", "7h30", "13:30", "2026-2027"),
    *("93A1-456.78", "49/2024/NĐ-CP", "3.456.789", "1,5", "T2", "CN", "QL13", "IV", "Km5+200", "a@b.vn", "b.vn"),
    *(" ", " ", "-", "/", ".", ",", ":", "+", "(", ")", "m", "tr", "đ", "ấp", "x", "'", "%", "°C", "→", "\n"),
)
_NARROWER = {"capitals"}  # its pattern takes any word; that it begins with a capital is for the opening to say


def texts(count: int) -> list[str]:
    chosen = random.Random(7)
    return ["".join(chosen.choice(_PIECES) for _ in range(chosen.randint(2, 9))) for _ in range(count)]


@pytest.mark.parametrize("kind", sorted(RULES))
def test_every_rule_that_matches_is_a_candidate(kind: str) -> None:
    table = RULES[kind]
    trigger = Reader(default_lexicon())._house.trigger
    asked = 0
    for text in texts(1500):
        for hit in trigger.finditer(text):
            if hit.lastgroup != kind:
                continue
            tried = {id(rule) for rule in table.candidates(text, hit.start())}
            for rule in table._rules:
                if rule.name not in _NARROWER and rule.pattern.match(text, hit.start()):
                    assert id(rule) in tried, (rule.name, text[hit.start() :])
            asked += 1
    assert asked > 300


def test_candidates_keep_the_order_of_the_rules() -> None:
    table = RULES["digit"]
    order = {id(rule): place for place, rule in enumerate(table._rules)}
    for text in texts(300):
        if text[0].isdigit():
            places = [order[id(rule)] for rule in table.candidates(text, 0)]
            assert places == sorted(places)


def test_openings_that_are_kept_are_few() -> None:
    table = Table(RULES["digit"]._rules)
    for code in range(0x20, 0x3000):
        table.candidates(f"12{chr(code)}", 0)
    signs = {sign for rule in table._rules for sign in rule.follow}
    assert len(table._by_opening) <= len(signs) + 1
