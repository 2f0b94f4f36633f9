"""A writer's changes in the reading stay where their words stay, and are told where these have gone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.bulletins.overrides import Override, carried, overrides

READ = "Mời bà con họp tại trung tâm lúc mười chín giờ.\nĐịa điểm: nhà văn hóa khu phố hai."
EDITED = "Mời bà con họp tại thị trấn lúc bảy giờ tối.\nĐịa điểm: nhà văn hóa khu phố hai."


def test_what_the_writer_says_differently_is_told_span_by_span() -> None:
    assert overrides(READ, EDITED) == (
        Override("trung tâm", "thị trấn"),
        Override("mười chín", "bảy"),
        Override("", "tối"),
    )
    assert overrides(READ, READ) == ()
    assert overrides("Một hai.", "") == (Override("Một hai.", ""),)


def test_spaces_alone_are_no_change() -> None:
    assert overrides("Một hai.\nBa.", "Một  hai. \nBa. ") == ()


@pytest.mark.parametrize(
    ("now", "becomes"),
    [
        (READ.replace("khu phố hai", "khu phố ba"), EDITED.replace("khu phố hai", "khu phố ba")),
        (f"Kính gửi bà con. {READ}", f"Kính gửi bà con. {EDITED}"),
        (f"{READ} Hết.", f"{EDITED} Hết."),
        (READ, EDITED),
    ],
)
def test_a_change_stays_when_the_text_changes_elsewhere(now: str, becomes: str) -> None:
    assert carried(READ, EDITED, now) == (becomes, ())


def test_a_change_whose_words_are_gone_is_told_and_the_rest_stays() -> None:
    now = READ.replace("mười chín giờ", "hai mươi giờ")
    assert carried(READ, EDITED, now) == (
        "Mời bà con họp tại thị trấn lúc hai mươi giờ tối.\nĐịa điểm: nhà văn hóa khu phố hai.",
        (Override("mười chín", "bảy"),),
    )


def test_a_change_does_not_stay_within_a_larger_number() -> None:
    """25 was to be said in another way; in 125 the same words mean something else."""
    before, edited = "Có hai mươi lăm hộ.", "Có hăm lăm hộ."
    found = carried(before, edited, "Có một trăm hai mươi lăm hộ.")
    assert found == ("Có một trăm hai mươi lăm hộ.", (Override("hai mươi", "hăm"),))


def test_what_was_added_and_taken_away_stays_too() -> None:
    before = "Họp lúc tám giờ. Trân trọng."
    assert carried(before, "Họp lúc tám giờ sáng. Trân trọng.", before + " Hết.").words == (
        "Họp lúc tám giờ sáng. Trân trọng. Hết."
    )
    assert carried(before, "Họp lúc tám giờ.", "Mời họp lúc tám giờ. Trân trọng.").words == "Mời họp lúc tám giờ."


def test_a_reading_that_was_emptied_stays_empty() -> None:
    assert carried("Một hai.", " \n", "Một ba.") == (" \n", ())


def test_a_very_long_text_keeps_its_changes_line_by_line() -> None:
    lines = [f"dòng {'a' * n} rất dài" for n in range(1, 3000)]
    before = "\n".join(lines)
    edited = before.replace("dòng aaa rất", "hàng aaa rất")
    assert carried(before, edited, f"mới\n{before}") == (f"mới\n{edited}", ())
    changed = before.replace("dòng aaa rất", "dòng aaa khá")
    assert carried(before, edited, changed) == (changed, (Override("dòng aaa rất dài\n", "hàng aaa rất dài\n"),))


WORDS = st.lists(st.sampled_from(["một", "hai", "ba", "bốn", "giờ", "tối", ",", ".", "\n"]), max_size=14).map(" ".join)


@given(WORDS, WORDS, WORDS)
def test_nothing_is_made_up(before: str, edited: str, now: str) -> None:
    found = carried(before, edited, now)
    assert set(re.findall(r"\w+", found.words)) <= set(re.findall(r"\w+", f"{edited} {now}"))
    assert carried(before, edited, before).words == edited
    assert carried(before, before, now) == ((before if not before.strip() else now), ())


@given(WORDS, WORDS)
def test_every_change_has_a_place_in_the_text_it_was_made_in(before: str, edited: str) -> None:
    """Behind another line at the end, which moves nothing, all of them stay."""
    if edited.strip() and before.strip():
        assert carried(f"{before}\nhết", f"{edited}\nhết", f"{before}\nhết\nxong").lost == ()
