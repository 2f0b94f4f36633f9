"""Files that are the old ones or the new ones, whatever happens while they are written."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from agent.disk import replace_file


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_a_file_is_replaced_with_its_permissions_whatever_the_umask(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "clock"
    before = os.umask(0o077)
    try:
        for data in (b"old", b"new"):
            replace_file(file, data, mode)
    finally:
        os.umask(before)
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk_leaves_the_old_bytes_and_nothing_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "identity.json"
    replace_file(file, b"old", 0o600)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(file, b"new", 0o600)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]
