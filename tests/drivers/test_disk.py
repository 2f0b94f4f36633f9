"""A file that is replaced is the old one or the new one, and nothing lies beside it."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from drivers.disk import replace_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    made.mkdir()
    return made


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_a_file_is_replaced_in_one_step_with_its_permissions_whatever_the_umask(
    folder: Path, mode: int, durable: bool
) -> None:
    file = folder / "keyset.json"
    before = os.umask(0o077)
    try:
        for data in (b"old", b"new"):
            replace_file(file, data, mode, durable=durable)
    finally:
        os.umask(before)
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert list(folder.iterdir()) == [file]


def test_it_is_for_its_owner_alone_unless_told(folder: Path) -> None:
    replace_file(folder / "root.key", b"new")
    assert stat.S_IMODE((folder / "root.key").stat().st_mode) == 0o600


def test_a_disk_that_fills_up_leaves_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "keyset.json"
    replace_file(file, b"old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(folder.iterdir()) == [file]
