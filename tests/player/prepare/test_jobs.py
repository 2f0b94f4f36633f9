"""Messages between the player and its workers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from player.prepare.jobs import Answer, Failed, Inbox, Job, pack
from player.wire import decode


@given(st.lists(st.text(max_size=50), max_size=8), st.integers(1, 40))
def test_messages_come_out_whole_however_the_pipe_cuts_them(paths: list[str], cut: int) -> None:
    jobs = [Job(f"k{n}", path=path) for n, path in enumerate(paths)]
    stream = b"".join(pack(job) for job in jobs)
    inbox, found = Inbox(), []
    for start in range(0, len(stream), cut):
        inbox.add(stream[start : start + cut])
        found += [decode(message, Job) for message in inbox.messages()]
    assert found == jobs


def test_an_unfinished_message_waits() -> None:
    inbox = Inbox()
    inbox.add(pack(Answer("k", failed=Failed("k", "time")))[:-1])
    assert list(inbox.messages()) == []
