"""Logging in the form its reader wants: a time on a terminal, a priority in the journal."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

import pytest

from config.logs import set_up


@pytest.fixture(autouse=True)
def root_logger_put_back() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


def logged(level: str, environ: dict[str, str]) -> str:
    stream = io.StringIO()
    set_up(level, stream, environ)
    log = logging.getLogger("agent.link")
    log.debug("đang thử")
    log.info("connected to %s", "broker")
    try:
        raise ValueError("bad\nnews")
    except ValueError:
        log.exception("lost")
    return stream.getvalue()


def test_a_terminal_shows_the_time_of_day() -> None:
    first = logged("info", {}).splitlines()[0]
    assert re.fullmatch(r"\d\d:\d\d:\d\d INFO    agent\.link: connected to broker", first)


def test_the_journal_gets_priorities_and_no_time() -> None:
    lines = logged("info", {"JOURNAL_STREAM": "8:1"}).splitlines()
    assert lines[0] == "<6>agent.link: connected to broker"
    assert lines[1] == "<3>agent.link: lost"


def test_every_line_of_a_traceback_keeps_its_priority() -> None:
    lines = logged("info", {"JOURNAL_STREAM": "8:1"}).splitlines()
    assert len(lines) > 4
    assert all(line.startswith("<3>") for line in lines[1:])


@pytest.mark.parametrize(("level", "count"), [("debug", 2), ("info", 1), ("error", 0)])
def test_keeps_what_is_below_the_level_to_itself(level: str, count: int) -> None:
    lines = [line for line in logged(level, {"JOURNAL_STREAM": "8:1"}).splitlines() if line[:3] in {"<6>", "<7>"}]
    assert len(lines) == count


def test_set_up_again_replaces_the_former() -> None:
    first, second = io.StringIO(), io.StringIO()
    set_up("info", first, {})
    set_up("info", second, {})
    logging.getLogger("x").info("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1
