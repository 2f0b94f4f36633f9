"""The date on a board: what it says, and that every word of it was prepared."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.layout import daywords
from player.layout.daywords import LUNAR, SHORT, SOLAR

FORMS = (SOLAR, LUNAR, SHORT)


@pytest.mark.parametrize(
    ("form", "day", "said"),
    [
        (SOLAR, date(2026, 11, 23), "Thứ Hai, 23/11/2026"),
        (SOLAR, date(2026, 2, 1), "Chủ nhật, 01/02/2026"),
        (SOLAR, date(2026, 9, 5), "Thứ Bảy, 05/9/2026"),
        (LUNAR, date(2026, 11, 23), "Âm lịch 15/10 Bính Ngọ"),
        (LUNAR, date(2026, 2, 17), "Âm lịch 1/1 Bính Ngọ"),
        (LUNAR, date(2025, 8, 1), "Âm lịch 8/6 nhuận Ất Tỵ"),
        (LUNAR, date(2026, 2, 16), "Âm lịch 29/12 Ất Tỵ"),
        (SHORT, date(2026, 11, 23), "23/11 · 15/10 ÂL"),
        (SHORT, date(2025, 8, 1), "01/8 · 8/6n ÂL"),
    ],
)
def test_a_day_in_each_form(form: str, day: date, said: str) -> None:
    assert "".join(daywords.line(form, day)) == said


@given(st.dates(date(1900, 2, 1), date(2100, 12, 31)), st.sampled_from(FORMS))
def test_every_word_of_any_day_is_prepared_and_has_its_place(day: date, form: str) -> None:
    line = daywords.line(form, day)
    assert set(line) <= set(daywords.words(form))
    places = iter(daywords.places(form))
    assert all(any(word in place for place in places) for word in line), "in reading order, none left over"


def test_a_day_beyond_the_moon_s_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="2150"):
        daywords.line(LUNAR, date(2150, 1, 1))
    assert daywords.line(SOLAR, date(2150, 1, 1))


@pytest.mark.parametrize("form", FORMS)
def test_no_word_is_prepared_twice(form: str) -> None:
    words = daywords.words(form)
    assert len(words) == len(set(words))
