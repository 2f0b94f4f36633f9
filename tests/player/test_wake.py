from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.wake import Waker

LONG_S = 20.0


@pytest.fixture
def waker(tmp_path: Path) -> Iterator[Waker]:
    made = Waker((tmp_path / "agent.db", tmp_path / "clock"))
    yield made
    made.close()


def test_a_write_in_a_watched_folder_ends_the_sleep(waker: Waker, tmp_path: Path) -> None:
    threading.Timer(0.05, lambda: (tmp_path / "agent.db-wal").write_bytes(b"x")).start()
    assert waker.wait(LONG_S) is True


def test_a_write_to_another_file_is_no_news(waker: Waker, tmp_path: Path) -> None:
    (tmp_path / "plays.db-wal").write_bytes(b"x")
    assert waker.wait(LONG_S) is False


def test_a_rename_into_a_watched_folder_ends_the_sleep(waker: Waker, tmp_path: Path) -> None:
    outside = tmp_path / "sub"
    outside.mkdir()
    (outside / "clock").write_text("x", encoding="utf-8")
    waker.wait(0.0)
    (outside / "clock").replace(tmp_path / "clock")
    assert waker.wait(LONG_S) is True


def test_without_anything_it_sleeps_its_time_and_says_so(waker: Waker) -> None:
    started = time.monotonic()
    assert waker.wait(0.02) is False
    assert time.monotonic() - started >= 0.019


def test_a_signal_byte_ends_the_sleep_without_news(waker: Waker) -> None:
    os.write(waker.signal_fd, b"\x0f")
    assert waker.wait(LONG_S) is False
    started = time.monotonic()
    assert waker.wait(0.02) is False  # and does so once
    assert time.monotonic() - started >= 0.019


def test_another_descriptor_ends_the_sleep(waker: Waker) -> None:
    reader, writer = os.pipe()
    os.write(writer, b"x")
    assert waker.wait(LONG_S, (reader,)) is False
    os.close(reader)
    os.close(writer)


def test_a_folder_that_comes_later_is_watched_from_the_next_try(tmp_path: Path) -> None:
    waker = Waker((tmp_path / "later" / "agent.db",))
    assert waker.wait(LONG_S) is False  # blind: it looks up often instead
    (tmp_path / "later").mkdir()
    waker.watch()
    (tmp_path / "later" / "agent.db").write_bytes(b"x")
    assert waker.wait(LONG_S) is True
    waker.close()
