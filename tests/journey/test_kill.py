"""SIGKILL to any process at any moment while staff publish: nothing accepted is lost, every play is counted once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from drivers import process
from publisher.demo.children import DemoError
from publisher.demo.commune import COMMUNE
from publisher.demo.sight import plain_item

pytestmark = pytest.mark.xdist_group("journey")

VICTIMS: Final = ("hdmi-player", "hdmi-agent", "led-player", "led-agent", "publisher", "broker")
LATEST_S: Final = 0.6  # into a publication, which takes about that long from the first click to the pixels
INSISTS_S: Final = 60.0
ARRIVES_S: Final = 20.0
STARTS_S: Final = 60.0
TAKEN_S: Final = 60.0  # an agent puts aside what the broker took when it takes stock, each ten seconds here
NEXT_STEP: Final = {"draft": "submit", "submitted": "approve"}


class Office:
    """A writer and an approver who click again when a page did not answer, until their bulletin is accepted."""

    def __init__(self, town: Any) -> None:
        self._town = town
        self._pause = threading.Event()

    def publish(self, body: str) -> str:
        """The uid, once the publisher has said that it is on air."""
        deadline = time.monotonic() + INSISTS_S
        while True:
            try:
                if uid := self._one_click(body):
                    return uid
            except (requests.RequestException, DemoError, sqlite3.Error):
                assert time.monotonic() < deadline, f"{body!r} was not accepted within {INSISTS_S:.0f} s"
                self._pause.wait(0.1)

    def _one_click(self, body: str) -> str:
        uid, status = self._stored(body)
        if not uid:
            self._town.writer.write(COMMUNE, body)
        elif status in NEXT_STEP:
            person = self._town.writer if status == "draft" else self._town.approver
            person.step(uid, NEXT_STEP[status])
        return uid if status == "on_air" else ""

    def _stored(self, body: str) -> tuple[str, str]:
        found = self._town.rows(
            "SELECT b.uid, b.status FROM bulletins_bulletin b JOIN bulletins_bulletintext t ON t.bulletin_id = b.id"
            " WHERE t.body = ?", body
        )  # fmt: skip
        assert len(found) <= 1, f"{body!r} was stored {len(found)} times"
        return found[0] if found else ("", "")


def strike(town: Any, until: Any, victim: str) -> None:
    """SIGKILL; then what ended is started again, as systemd would."""
    children = town.commune.children
    if victim == "broker":
        os.kill(child_pid(children.pid("publisher"), "mosquitto"), signal.SIGKILL)
        ended = until("the publisher to end without its broker", children.forget_ended)
        assert ended == ("publisher",)
    else:
        children.kill(victim)
    town.run_all()


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """SIGSTOP; the process goes on afterwards, if it is still there."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def child_pid(publisher_pid: int, word: str) -> int:
    """The process below the publisher that has `word` on its command line."""
    words = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in process.children(publisher_pid)}
    return next(pid for pid, line in words.items() if word.encode() in line)


def undelivered(town: Any, uids: Sequence[str], column: str) -> set[str]:
    """Those that some screen has not yet come so far with."""
    marks = ", ".join("?" * len(uids))
    rows = town.rows(
        f"SELECT b.uid FROM screens_delivery d JOIN bulletins_bulletin b ON b.id = d.bulletin_id"
        f" WHERE d.{column} IS NOT NULL AND b.uid IN ({marks}) GROUP BY b.uid HAVING count(*) = 2", *uids
    )  # fmt: skip
    return set(uids) - {uid for (uid,) in rows}


def see_all(town: Any, until: Any, uids: Sequence[str], limit_s: float) -> None:
    """Until each was on both screens; those that were leave, so that the others have their turn sooner."""
    until("every bulletin on both screens", lambda: not undelivered(town, uids, "committed"), STARTS_S)
    deadline = time.monotonic() + limit_s
    on_air, approver = set(uids), town.approver
    while missing := undelivered(town, uids, "shown"):
        assert time.monotonic() < deadline, f"never shown on both screens: {sorted(missing)}"
        for uid in on_air - missing:
            approver.step(uid, "withdraw")
        on_air &= missing
        until("another one", lambda: undelivered(town, uids, "shown") != missing, limit_s)


def drill(town: Any, until: Any, count: int, seed: int) -> None:
    """`count` publications, and a kill at a random moment of each."""
    print(f"seed {seed}")  # noqa: T201 - to do it again
    chance = random.Random(seed)
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(count)]
    chance.shuffle(victims)
    office, wait = Office(town), threading.Event().wait
    uids = []
    with ThreadPoolExecutor(1) as clicks:
        for number, victim in enumerate(victims):
            body = f"Tin số {number} lần {seed}"
            accepted = clicks.submit(office.publish, body)
            wait(chance.uniform(0, LATEST_S))
            strike(town, until, victim)
            uids.append(accepted.result())
    see_all(town, until, uids, limit_s=ARRIVES_S + 15 * count)
    last = f"Sau cùng, lần {seed}"
    pages = town.pages(plain_item(last))
    town.publish(last)
    town.wait_pages(pages, shown=True)
    assert town.check_plays() >= 2 * count


def test_nothing_is_lost_whatever_is_killed(town: Any, until: Any) -> None:
    drill(town, until, count=12, seed=random.SystemRandom().randrange(10_000))


def test_a_report_that_only_the_broker_had_when_it_was_killed_comes_again(town: Any, until: Any) -> None:
    """The broker writes its memory down now and then only: what it said it had taken may be gone with it."""
    children = town.commune.children
    pages = town.pages(plain_item("Cắt nước từ 8 giờ"))
    town.publish("Cắt nước từ 8 giờ")
    town.wait_pages(pages, shown=True)
    with frozen(child_pid(children.pid("publisher"), "broadcast")):  # whoever should read the reports
        for screen in town.screens:
            children.stop(f"{screen.spec.name}-player")  # ends the play that is on
        town.restart_agents()
        until("plays in the outbox", lambda: all(town.shipped(screen) for screen in town.screens))
        until("the broker to take all", lambda: not any(map(town.outbox, town.screens)), TAKEN_S)
        children.kill("publisher")
    town.run_all()
    town.check_plays()


@pytest.mark.slow
def test_nothing_is_lost_in_a_hundred_publications(town: Any, until: Any) -> None:
    drill(town, until, count=100, seed=random.SystemRandom().randrange(10_000))
