"""`bangtin send` against the real API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

from publisher.accounts import people
from publisher.bulletins.models import Bulletin
from publisher.send import Publisher, RefusedError, send, wait_shown

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "tin.txt"
    path.write_text("Họp dân ấp 3 lúc 19h.", "utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(send, [str(argument) for argument in arguments])


def test_it_is_submitted_and_with_a_second_token_approved(notice: Path, live_server: Any, commune: Any) -> None:
    token, second = people.new_token(commune.writer, "x"), people.new_token(commune.approver, "x")
    done = run(notice, "--url", live_server.url, "--token", token)
    assert (done.exit_code, Bulletin.objects.get().status) == (0, "submitted")
    done = run(notice, "--url", live_server.url, "--token", token, "--approve-token", second, "--title", "Mời họp")
    assert "on_air" in done.output
    assert Bulletin.objects.first().status == "on_air"  # type: ignore[union-attr]


def test_what_the_publisher_refuses_is_shown_in_its_words(tmp_path: Path, live_server: Any, commune: Any) -> None:
    empty = tmp_path / "rong.txt"
    empty.write_text(" \n")
    token = people.new_token(commune.writer, "x")
    done = run(empty, "--url", live_server.url, "--token", token)
    assert done.exit_code == 1
    assert "Tin chưa có nội dung" in done.output
    assert "The bulletin is empty" in done.output


def test_a_refused_text_is_explained_in_both_languages(tmp_path: Path, live_server: Any, commune: Any) -> None:
    turned = tmp_path / "nguoc.txt"
    turned.write_text("abc\u202edef", "utf-8")
    said = run(turned, "--url", live_server.url, "--token", people.new_token(commune.writer, "x")).output
    assert "ký tự đảo chiều chữ, không được đưa lên bảng: U+202E" in said
    assert "may not go on a board: U+202E" in said
    assert len(said.splitlines()) == 2
    assert not Bulletin.objects.exists()


def test_a_wrong_token_an_unknown_place_and_a_strange_file(notice: Path, live_server: Any, tmp_path: Path) -> None:
    assert "token is missing or no longer valid" in run(notice, "--url", live_server.url, "--token", "bt_x").output
    assert run(notice, "--url", "http://127.0.0.1:9", "--token", "x").exit_code == 1
    notice.write_bytes(b"\xff\xfeH\x00")
    assert "UTF-8" in run(notice, "--url", live_server.url, "--token", "x").output
    notice.write_bytes(b"x" * 200_001)
    assert "60 kB" in run(notice, "--url", live_server.url, "--token", "x").output


def test_several_units_need_a_name(notice: Path, live_server: Any, commune: Any) -> None:
    token = people.new_token(commune.admin, "x")
    assert "--unit" in run(notice, "--url", live_server.url, "--token", token).output


def test_this_machines_own_addresses_need_no_proxy() -> None:
    session = requests.Session()
    Publisher("http://127.0.0.1:8000", "x", session)
    assert session.trust_env is False
    other = requests.Session()
    Publisher("https://bangtin.example.vn", "x", other)
    assert other.trust_env is True


def test_waiting_ends_when_all_show_it_or_time_is_up() -> None:
    states = iter([{"delivery": {"screens": 2, "shown": 1}}, {"delivery": {"screens": 2, "shown": 2}}])
    assert wait_shown(lambda: next(states), 5)["delivery"]["shown"] == 2
    with pytest.raises(RefusedError, match="1/2"):
        wait_shown(lambda: {"delivery": {"screens": 2, "shown": 1, "line": "1/2 bảng"}}, 0)
