"""What a page says, as one line: the errors a person would see, and nothing of the rest."""

from __future__ import annotations

import pytest

from publisher.demo.said import said


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ('<div class="note bad" role="alert"><p>Tin <span class="code">U+202E</span> lạ</p></div>', "Tin U+202E lạ"),
        ('<p class="error">Một.</p><p>khác</p><li class="error">Hai<br>ba.</li>', "Một.; Haiba."),
        ('<title>Soạn &amp; gửi</title><div class="note good">Đã lưu</div>', "Soạn & gửi"),
        ('<title>T</title><div class="note warn">\n  Hai   dòng\n</div>', "Hai dòng"),
        ("plain words", "plain words"),
        ("", ""),
    ],
    ids=["note", "several", "title", "spaces", "no page", "nothing"],
)
def test_a_page_in_one_line(html: str, line: str) -> None:
    assert said(html) == line


def test_an_answer_that_is_no_page_is_cut() -> None:
    assert len(said("x" * 5000)) == 200
