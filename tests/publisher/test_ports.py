"""Ports that servers keep for life."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher import ports
from publisher.ports import free_port, wait_until_free


def test_lies_below_what_the_kernel_gives_to_outgoing_connections(tmp_path: Path) -> None:
    (tmp_path / "range").write_text("20010\t60999\n")
    assert all(20_000 <= free_port(range_file=tmp_path / "range") < 20_010 for _ in range(20))


@pytest.mark.parametrize("text", [None, "", "lowest"])
def test_a_kernel_that_does_not_say_is_taken_for_the_usual_one(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "range").write_text(text)
    assert 20_000 <= free_port(range_file=tmp_path / "range") < 32_768


def test_a_kernel_that_leaves_no_room_gives_one_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "range").write_text("1024 65535")
    assert free_port(range_file=tmp_path / "range") > 0


def test_programs_that_begin_with_the_same_seed_are_given_different_ones() -> None:
    def begun() -> list[int]:
        random.seed(1)
        return [free_port() for _ in range(4)]

    assert begun() != begun()


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A port somebody listens on, and a kernel that leaves servers that one and no other."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setattr(ports, "_LOWEST", port)
        (tmp_path / "range").write_text(f"{port + 1} 65535")
        yield port, tmp_path / "range"


def test_none_left_is_an_error_that_names_where_it_looked(only: tuple[int, Path]) -> None:
    port, file = only
    with pytest.raises(OSError, match=f"127.0.0.1: no free port found in 50 tries between {port} and {port + 1}"):
        free_port(range_file=file)


def test_waits_for_a_predecessor_no_longer_than_told() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as server:
        port = server.getsockname()[1]
        assert not wait_until_free("127.0.0.1", port, limit_s=0)
    assert wait_until_free("127.0.0.1", port)
