"""What must reach the publisher: on the disk first, in order, gone when delivered, and never without bound."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.outbox import KEPT, Outbox
from player import wire
from player.model import Event, Play, Plays, Refused, Reply, Verb
from tests.agent.signer import SCREEN

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def open_outbox(folder: Path, limit_rows: int = 100, now: datetime = NOW) -> Outbox:
    ids = itertools.count(1)
    return Outbox(folder, SCREEN, lambda: f"e{next(ids)}", lambda: now, limit_rows)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = open_outbox(tmp_path)
    yield outbox
    outbox.close()


def refused(number: int) -> Refused:
    return Refused("desired", "seq", str(number))


def test_events_and_replies_wait_under_their_topics(outbox: Outbox) -> None:
    outbox.put_event(NOW, refused(1))
    outbox.put_reply(Reply("c1", Verb.STOP, ok=True))
    first, second = outbox.waiting(0, 10)
    assert first.topic == wire.screen_up(SCREEN, "event")
    event = wire.decode(first.payload, Event)
    assert (event.id, event.refused) == ("e1", refused(1))
    assert second.topic == wire.screen_up(SCREEN, "reply")
    assert outbox.depth() == 2


def test_rows_wait_in_order_beyond_a_row(outbox: Outbox) -> None:
    for number in range(5):
        outbox.put_event(NOW, refused(number))
    rows = outbox.waiting(0, 3)
    assert [row.id for row in rows] == [1, 2, 3]
    assert [row.id for row in outbox.waiting(rows[-1].id, 10)] == [4, 5]


def test_what_was_delivered_is_gone_and_stays_gone(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    for number in range(3):
        outbox.put_event(NOW, refused(number))
    outbox.delivered(1)
    assert outbox.depth() == 2
    assert [row.id for row in outbox.waiting(0, 10)] == [2, 3]
    outbox.close()
    again = open_outbox(tmp_path)
    assert [row.id for row in again.waiting(0, 10)] == [2, 3]
    again.close()


def test_what_a_broker_took_is_sent_again_while_it_may_have_forgotten_it(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    for number in range(3):
        outbox.put_event(NOW, refused(number))
    sent = outbox.waiting(0, 10)
    outbox.delivered(1)
    outbox.flush()
    outbox.delivered(2)
    outbox.recall()
    assert outbox.waiting(0, 10) == sent
    for row in sent:
        outbox.delivered(row.id)
    outbox.close()

    soon = open_outbox(tmp_path, now=NOW + KEPT)
    soon.recall()
    assert soon.waiting(0, 10) == sent
    for row in sent:
        soon.delivered(row.id)
    soon.close()

    late = open_outbox(tmp_path, now=NOW + 2 * KEPT + timedelta(seconds=1))
    late.recall()
    assert late.depth() == 0
    late.close()


def test_row_ids_are_never_given_twice(outbox: Outbox) -> None:
    outbox.put_event(NOW, refused(1))
    outbox.delivered(1)
    outbox.flush()
    outbox.put_event(NOW, refused(2))
    assert [row.id for row in outbox.waiting(0, 10)] == [2]


def test_the_oldest_rows_go_when_there_are_too_many(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path, limit_rows=3)
    for number in range(5):
        outbox.put_event(NOW, refused(number))
    assert [row.id for row in outbox.waiting(0, 10)] == [3, 4, 5]
    assert outbox.dropped == 2
    outbox.close()


def test_a_batch_and_its_mark_are_one_transaction(outbox: Outbox) -> None:
    batch = Plays("u", (Play(1, "a", 1, NOW),))

    def fail_in_the_middle() -> None:
        with outbox.transaction():
            outbox.put_event(NOW, batch)
            outbox.note_shipped("u", 1, {}, [("item", "a", 1)])
            raise OSError("power")

    with pytest.raises(OSError, match="power"):
        fail_in_the_middle()
    assert outbox.depth() == 0
    assert outbox.mark("u") == 0
    assert not outbox.was_told("item", "a", 1)
    with outbox.transaction():
        outbox.put_event(NOW, batch)
        outbox.note_shipped("u", 1, {3: True}, [("item", "a", 1)])
    assert (outbox.depth(), outbox.mark("u"), outbox.shipped_ahead("u")) == (1, 1, {3: True})
    assert outbox.was_told("item", "a", 1)


def test_marks_of_different_files_do_not_mix(outbox: Outbox) -> None:
    with outbox.transaction():
        outbox.note_shipped("one", 7, {}, [])
    assert outbox.mark("two") == 0


WRITER = """
import itertools, sys
from datetime import UTC, datetime
from pathlib import Path
from agent.outbox import Outbox
from player.model import Refused
ids = itertools.count(1)
outbox = Outbox(Path(sys.argv[1]), "s-test01", lambda: f"e{next(ids)}", lambda: datetime.now(UTC), 10**6)
for number in itertools.count(int(sys.argv[2])):
    outbox.put_event(datetime(2026, 11, 23, tzinfo=UTC), Refused("desired", "seq", str(number)))
    print(number, flush=True)
"""


def test_killing_the_writer_loses_no_row(tmp_path: Path) -> None:
    said: list[int] = []
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(len(said))], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            said += [int(writer.stdout.readline()) for _ in range(15)]
            writer.send_signal(signal.SIGKILL)
            said += [int(line) for line in writer.stdout if line.endswith("\n")]
    outbox = open_outbox(tmp_path, 10**6)
    kept = [wire.decode(row.payload, Event).refused for row in outbox.waiting(0, 10**6)]
    assert {int(found.detail) for found in kept if found} >= set(said)
    outbox.close()
