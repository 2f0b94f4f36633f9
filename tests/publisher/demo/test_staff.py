"""Staff without a browser: what they read on pages, against a small web server that answers as told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from publisher.demo.children import DemoError
from publisher.demo.staff import Staff, new_password

FORM = '<form><input name="csrfmiddlewaretoken" value="t0k"></form>'
Answer = tuple[int, str, str]  # status, location, body


class Pages:
    """A web server with one answer a path; what was posted is kept."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {"POST /dang-nhap": (302, "/", ""), "GET /": (200, "", "<h1>Trang chủ</h1>")}
        self.posted: dict[str, dict[str, list[str]]] = {}
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(pages.answers.get(f"GET {self.path}", (200, "", FORM)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                pages.posted[self.path] = parse_qs(body, keep_blank_values=True)
                self._answer(pages.answers.get(f"POST {self.path}", (404, "", "")))

            def _answer(self, answer: Answer) -> None:
                status, location, body = answer
                data = body.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Set-Cookie", "csrftoken=c00kie; Path=/")
                if location:
                    self.send_header("Location", location)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Nothing on the test's output."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def pages() -> Iterator[Pages]:
    served = Pages()
    yield served
    served.close()


@pytest.fixture
def staff(pages: Pages) -> Callable[[], Staff]:
    return lambda: Staff(pages.url, "soan", "mật khẩu")


def test_logging_in_posts_the_form_with_its_token(pages: Pages, staff: Callable[[], Staff]) -> None:
    staff()
    assert pages.posted["/dang-nhap"] == {
        "username": ["soan"],
        "password": ["mật khẩu"],
        "csrfmiddlewaretoken": ["t0k"],
    }


def test_a_refused_log_in_says_what_the_page_said(pages: Pages, staff: Callable[[], Staff]) -> None:
    said = f'<div class="note error" role="alert">Sai tên &amp; mật khẩu.</div>{FORM}'
    pages.answers["POST /dang-nhap"] = (200, "", said)
    with pytest.raises(DemoError, match=r"soan: Sai tên & mật khẩu\."):
        staff()


def test_a_written_bulletin_gives_its_uid(pages: Pages, staff: Callable[[], Staff]) -> None:
    pages.answers["POST /soan-tin"] = (302, "/tin/b12ab", "")
    assert staff().write("25357", "Cắt nước", title="Nước") == "b12ab"
    posted = pages.posted["/soan-tin"]
    assert (posted["unit"], posted["body"], posted["title"]) == (["25357"], ["Cắt nước"], ["Nước"])
    assert posted["action"] == ["submit"]
    assert posted["weekdays"] == list("1234567")


@pytest.mark.parametrize("landed", [(422, ""), (302, "/tin/b12ab/sua")], ids=["refused", "only saved"])
def test_a_bulletin_that_was_not_submitted_is_an_error(
    pages: Pages, staff: Callable[[], Staff], landed: tuple[int, str]
) -> None:
    said = '<p class="error" role="alert">Tin chưa có <b>nội dung</b>.</p>'
    pages.answers["POST /soan-tin"] = (*landed, said)
    pages.answers["GET /tin/b12ab/sua"] = (200, "", said)
    with pytest.raises(DemoError, match=r"/soan-tin: Tin chưa có nội dung\."):
        staff().write("25357", "")


def test_an_emergency_stops_at_its_confirmation(pages: Pages, staff: Callable[[], Staff]) -> None:
    pages.answers["POST /khan-cap"] = (302, "/khan-cap/b77", "")
    assert staff().alert("25357", "Lũ quét", 4) == "b77"
    assert pages.posted["/khan-cap"]["level"] == ["4"]
    assert "/tin/b77/publish" not in pages.posted


def test_a_step_that_leads_back_to_the_approval_was_refused(pages: Pages, staff: Callable[[], Staff]) -> None:
    pages.answers["POST /tin/b1/approve"] = (302, "/tin/b1/duyet", "")
    pages.answers["GET /tin/b1/duyet"] = (200, "", '<div class="note error">Người soạn không tự duyệt.</div>')
    with pytest.raises(DemoError, match=r"approve b1: Người soạn không tự duyệt\."):
        staff().step("b1", "approve")
    pages.answers["POST /tin/b1/approve"] = (302, "/tin/b1", "")
    assert staff().step("b1", "approve").tzinfo is not None


def test_a_page_without_words_is_named_by_its_title(pages: Pages, staff: Callable[[], Staff]) -> None:
    pages.answers["POST /bang/s-1/lenh/stop"] = (403, "", "<title>Không được phép</title>")
    with pytest.raises(DemoError, match="stop s-1: 403 Không được phép"):
        staff().command("s-1", "stop")


def test_an_uploaded_picture_is_waited_for(pages: Pages, staff: Callable[[], Staff]) -> None:
    pages.answers["POST /tep"] = (200, "", '<div hx-get="/tep/u1" hx-trigger="load delay:300ms"></div>')
    pages.answers["GET /tep/u1"] = (200, "", f'<input type="hidden" name="picture" value="{"ab" * 32}">')
    assert staff().upload_picture("anh.jpg", b"...") == "ab" * 32
    pages.answers["GET /tep/u1"] = (200, "", '<p class="error">Không phải ảnh.</p>')
    with pytest.raises(DemoError, match=r"anh\.jpg: Không phải ảnh\."):
        staff().upload_picture("anh.jpg", b"...")


def test_new_passwords_differ_and_are_long_enough() -> None:
    one, other = new_password(), new_password()
    assert one != other
    assert [len(group) for group in one.split("-")] == [4, 4, 4, 4]
