"""Trying a file out: never on a screen that is a commune's, not even where nobody may look whether it is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from player.trial import IDENTITY, TrialError, may_be_there, refuse_on_a_claimed_screen


def test_a_machine_that_is_no_screen_may_try_anything(tmp_path: Path) -> None:
    refuse_on_a_claimed_screen((tmp_path, tmp_path / "none", Path("/dev/null")))


def test_one_of_the_folders_is_enough(tmp_path: Path) -> None:
    (tmp_path / IDENTITY).write_text("{}", encoding="utf-8")
    with pytest.raises(TrialError, match="signed content only"):
        refuse_on_a_claimed_screen((tmp_path / "none", tmp_path))


def test_a_folder_that_cannot_be_looked_into_may_be_a_screens(tmp_path: Path) -> None:
    """As the state folder of a claimed screen is for everybody but its own users."""
    round_about = tmp_path / "round"
    round_about.symlink_to(round_about)
    assert may_be_there(round_about / IDENTITY)
    with pytest.raises(TrialError, match="signed content only"):
        refuse_on_a_claimed_screen((round_about,))
