from __future__ import annotations

import errno
import os
import urllib.error

import pytest

from tts.bilingual import Said, both, heard, joined, reason
from tts.voice import VoiceError


def test_a_sentence_stands_whole_in_both_languages() -> None:
    said = both("{name} có {size:.1f} MB", "{name} has {size:.1f} MB", name="thu", size=2.25)
    assert said == ("thu có 2.2 MB", "thu has 2.2 MB")
    assert str(said) == "thu có 2.2 MB / thu has 2.2 MB"
    assert said.lines == "thu có 2.2 MB\nthu has 2.2 MB"


def test_a_reason_within_a_reason_gives_each_language_its_half() -> None:
    inner = VoiceError(both("không có tiếng", "no sound"))
    outer = both("giọng hỏng: {why}", "broken: {why}", why=inner)
    assert both("({it})", "({it})", it=outer) == ("(giọng hỏng: không có tiếng)", "(broken: no sound)")
    assert str(inner) == "không có tiếng / no sound"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), ("hết chỗ trên đĩa", "No space left on device")),
        (OSError(errno.EXDEV, "Cross-device link"), ("Cross-device link", "Cross-device link")),
        (
            urllib.error.URLError(ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")),
            ("máy chủ không nhận kết nối", "Connection refused"),
        ),
        (TimeoutError("timed out"), ("quá lâu không thấy trả lời", "timed out")),
        (ValueError("two\n  lines"), ("two lines", "two lines")),
        (ValueError(), ("ValueError", "ValueError")),
    ],
)
def test_what_the_system_says_is_said_in_vietnamese_where_it_is_known(error: Exception, said: Said) -> None:
    assert reason(error) == said


def test_what_is_the_same_in_both_is_said_once() -> None:
    assert str(Said("x", "x")) == Said("x", "x").lines == "x"


def test_a_sentence_crosses_a_pipe_and_a_strangers_stands_for_both() -> None:
    said = Said("tệp hỏng", "a torn file")
    assert heard(said.lines) == said
    assert heard("killed\n") == ("killed", "killed")


def test_faults_are_joined_language_by_language() -> None:
    assert joined([Said("a", "b"), Said("c", "d")]) == ("a; c", "b; d")
