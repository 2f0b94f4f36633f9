"""Publisher and broker are gone: the screens start again by themselves, show the last good content, and catch up."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from publisher.demo.sight import plain_item

pytestmark = pytest.mark.xdist_group("journey")

FIRST, SECOND = "Cắt nước từ 8 giờ", "Họp tổ dân phố lúc 19 giờ"


def test_screens_start_without_any_network_and_catch_up_afterwards(town: Any, until: Any) -> None:
    first, second = town.pages(plain_item(FIRST)), town.pages(plain_item(SECOND))
    uid = town.publish(FIRST)
    town.wait_pages(first, shown=True)

    town.stop_all()
    for screen in town.screens:
        screen.export.unlink()
        screen.start(town.commune.children)
    until("a first picture", lambda: all(screen.export.is_file() for screen in town.screens))
    town.wait_pages(first, shown=True)

    town.run_all()
    town.publish(SECOND)
    town.wait_pages(second, shown=True)
    until("the delivery line", lambda: "2/2" in town.writer.page(f"/tin/{uid}/hien-thi"))
    assert town.check_plays() >= 2 * 3  # the first one before and after the cut, the second one


def test_a_publisher_that_comes_back_at_another_address_is_found_again(town: Any) -> None:
    town.commune.children.stop("publisher")
    with socket.create_server(("127.0.0.1", int(town.commune.url.rpartition(":")[2]))):
        town.run_all()
    pages = town.pages(plain_item("Máy chủ ở cổng khác"))
    town.publish("Máy chủ ở cổng khác")
    town.wait_pages(pages, shown=True)
