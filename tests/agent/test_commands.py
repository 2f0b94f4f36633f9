"""The few orders there are: obeyed once, answered always."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.commands import Commands
from agent.events import Call
from agent.fetch import FetchError
from player import wire
from player.model import Reply, Verb
from tests.agent.bench import Bench


class Rig:
    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench = bench
        self.folder = folder
        self.uploads: list[tuple[str, bytes]] = []
        self.errands: list[Callable[[], Call]] = []
        self.restarts = 0
        self.fail = False
        self.commands = Commands(
            bench.desk, folder, upload=self._upload, aside=self.errands.append, restart=self._restart
        )

    def order(self, verb: Verb, **changes: Any) -> str:
        command = self.bench.signer.command(verb, **changes)
        self.commands.take(self.bench.signer.seal(command))
        return command.id

    def answer(self, id_: str, verb: Verb, ok: bool = True, png: bytes | None = None) -> None:
        """Act as the player."""
        if png is not None:
            (self.folder / f"{id_}.png").write_bytes(png)
        (self.folder / f"{id_}.json").write_bytes(wire.encode(Reply(id_, verb, ok, "")))
        self.commands.collect()

    def replies(self) -> list[Reply]:
        return [reply for reply in self.bench.sent() if isinstance(reply, Reply)]

    def _upload(self, request_id: str, png: bytes) -> None:
        if self.fail:
            raise FetchError("network", "no route")
        self.uploads.append((request_id, png))

    def _restart(self) -> None:
        self.restarts += 1


@pytest.fixture
def rig(bench: Bench, tmp_path: Path) -> Rig:
    folder = tmp_path / "answers"
    folder.mkdir()
    return Rig(bench, folder)


def test_stop_and_release_are_written_down_and_answered(rig: Rig) -> None:
    stop = rig.order(Verb.STOP)
    assert rig.commands.stopped
    assert rig.bench.desk.store.status("stopped") == "1"
    release = rig.order(Verb.RELEASE)
    assert not rig.commands.stopped
    assert rig.replies() == [Reply(stop, Verb.STOP, True), Reply(release, Verb.RELEASE, True)]


def test_a_replayed_command_is_not_obeyed_again(rig: Rig) -> None:
    command = rig.bench.signer.command(Verb.STOP)
    envelope = rig.bench.signer.seal(command)
    rig.commands.take(envelope)
    rig.order(Verb.RELEASE)
    rig.commands.take(envelope)
    assert not rig.commands.stopped
    assert rig.bench.refused() == [("command", "seq")]


def test_an_expired_command_is_refused(rig: Rig) -> None:
    rig.order(Verb.STOP, expires=rig.bench.signer.now - timedelta(seconds=1))
    assert not rig.commands.stopped
    assert rig.bench.refused() == [("command", "expired")]


@pytest.mark.parametrize("verb", [Verb.IDENTIFY, Verb.TEST_PATTERN])
def test_a_request_goes_to_the_player_and_its_answer_up(rig: Rig, verb: Verb) -> None:
    id_ = rig.order(verb)
    (request,) = rig.bench.desk.store.requests()
    assert (request.id, request.verb) == (id_, verb)
    assert rig.replies() == []
    rig.answer(id_, verb)
    assert rig.replies() == [Reply(id_, verb, True)]
    assert rig.bench.desk.store.requests() == []
    assert list(rig.folder.iterdir()) == []


def test_a_screenshot_is_sent_off_the_main_loop_and_then_answered(rig: Rig) -> None:
    id_ = rig.order(Verb.SCREENSHOT)
    rig.answer(id_, Verb.SCREENSHOT, png=b"\x89PNG")
    rig.commands.collect()
    assert rig.replies() == []
    (errand,) = rig.errands
    errand().action()
    assert rig.uploads == [(id_, b"\x89PNG")]
    assert rig.replies() == [Reply(id_, Verb.SCREENSHOT, True)]
    assert list(rig.folder.iterdir()) == []


def test_a_picture_that_cannot_be_sent_is_answered_so(rig: Rig) -> None:
    rig.fail = True
    id_ = rig.order(Verb.SCREENSHOT)
    rig.answer(id_, Verb.SCREENSHOT, png=b"\x89PNG")
    rig.errands[0]().action()
    (reply,) = rig.replies()
    assert not reply.ok
    assert "no route" in reply.detail


def test_an_answer_without_its_picture_is_answered_so(rig: Rig) -> None:
    id_ = rig.order(Verb.SCREENSHOT)
    rig.answer(id_, Verb.SCREENSHOT)
    (reply,) = rig.replies()
    assert not reply.ok
    assert "no picture" in reply.detail


def test_a_player_that_stays_silent_is_answered_for(rig: Rig) -> None:
    id_ = rig.order(Verb.IDENTIFY)
    rig.commands.forget_old()
    assert rig.replies() == []
    rig.bench.set(rig.bench.signer.now + timedelta(minutes=6))
    rig.commands.forget_old()
    (reply,) = rig.replies()
    assert (reply.id, reply.ok) == (id_, False)
    assert rig.bench.desk.store.requests() == []


def test_restart_restarts_after_the_player_answered(rig: Rig) -> None:
    id_ = rig.order(Verb.RESTART)
    assert rig.restarts == 0
    rig.answer(id_, Verb.RESTART)
    assert rig.restarts == 1
    assert rig.replies() == [Reply(id_, Verb.RESTART, True)]


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", wire.encode(Reply("other", Verb.IDENTIFY, True))], ids=["empty", "nonsense", "other"]
)
def test_an_answer_that_makes_no_sense_is_an_answer_all_the_same(rig: Rig, content: bytes) -> None:
    id_ = rig.order(Verb.IDENTIFY)
    (rig.folder / f"{id_}.json").write_bytes(content)
    rig.commands.collect()
    (reply,) = rig.replies()
    assert (reply.id, reply.ok) == (id_, False)


def test_answers_nobody_waits_for_are_swept(rig: Rig) -> None:
    (rig.folder / "old.json").write_bytes(b"{}")
    (rig.folder / "old.png").write_bytes(b"")
    rig.commands.collect()
    assert list(rig.folder.iterdir()) == []


def test_a_picture_that_is_long_on_its_way_is_answered_once(rig: Rig) -> None:
    id_ = rig.order(Verb.SCREENSHOT)
    rig.answer(id_, Verb.SCREENSHOT, png=b"png")
    rig.bench.set(rig.bench.signer.now + timedelta(hours=1))
    rig.commands.forget_old()
    assert rig.replies() == []
    rig.errands.pop()().action()
    assert [(reply.id, reply.ok) for reply in rig.replies()] == [(id_, True)]
