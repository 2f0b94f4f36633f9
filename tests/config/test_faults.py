"""How far two words are apart, and which one was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.faults import ConfigError, Fault, distance, nearest


@pytest.mark.parametrize(
    ("a", "b", "letters"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("widht", "width", 1), ("led", "leb", 1), ("ca", "abc", 3)],
)
def test_counts_letters_put_in_taken_out_replaced_or_swapped(a: str, b: str, letters: int) -> None:
    assert distance(a, b) == letters


@given(st.text(max_size=12), st.text(max_size=12))
def test_is_the_same_both_ways_and_never_more_than_the_longer_word(a: str, b: str) -> None:
    assert distance(a, b) == distance(b, a) <= max(len(a), len(b))
    assert (distance(a, b) == 0) == (a == b)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("widht_px", "width_px"), ("Width-PX", "width_px"), ("colour", ""), ("", ""), ("height", "height_px")],
)
def test_suggests_only_what_can_be_meant(word: str, meant: str) -> None:
    assert nearest(word, ["width_px", "height_px", "driver"]) == meant


def test_no_choices_no_suggestion() -> None:
    assert nearest("anything", []) == ""


def test_faults_come_in_the_order_of_the_file() -> None:
    file = Path("s.yaml")
    error = ConfigError([Fault(file, 9, "b", "two"), Fault(file, 2, "a", "one")])
    assert str(error) == "s.yaml:2: a: one\ns.yaml:9: b: two"
