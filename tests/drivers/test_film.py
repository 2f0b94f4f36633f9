"""Planes that are handed over: what is shorter than it says is never read."""

from __future__ import annotations

import pytest

from tests.drivers.planes import plain


def test_each_plane_comes_with_its_pitch() -> None:
    planes = plain((32, 16), spare_b=32)
    assert [(len(plane), pitch_b) for plane, pitch_b in planes.checked()] == [(64 * 16, 64), (48 * 8, 48), (48 * 8, 48)]


def test_colours_of_an_odd_size_have_half_of_it_and_one() -> None:
    assert [len(plane) for plane, _ in plain((31, 15)).checked()] == [31 * 15, 16 * 8, 16 * 8]


@pytest.mark.parametrize("plane", ["y", "u", "v"])
def test_a_plane_too_short_for_its_size_is_refused(plane: str) -> None:
    whole = plain()
    short = whole._replace(**{plane: getattr(whole, plane)[:-1]})
    with pytest.raises(ValueError, match=r"32×16 with \d+ bytes a row lies in \d+ bytes"):
        short.checked()


@pytest.mark.parametrize("wrong", [{"pitch_y": 31}, {"pitch_uv": 15}, {"size": (0, 16)}, {"size": (32, -1)}])
def test_rows_that_overlap_and_sizes_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="bytes a row"):
        plain()._replace(**wrong).checked()  # type: ignore[arg-type]
