from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.waiting import DEADLINE_S
from tts.engines.pieces import pieces
from tts.engines.worklink import Patience, Worker, WorkerGoneError
from tts.engines.workloop import EXIT_CANNOT_SPEAK
from tts.voice import RATE_HZ, VoiceError

DOUBLE = Path(__file__).with_name("worker_double.py")
MakeWorker = Callable[..., Worker]


@pytest.fixture
def make_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeWorker]:
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    made: list[Worker] = []

    def make(marker: str = "", idle_s: float = 600.0, answer_s: float = 30.0) -> Worker:
        command = (sys.executable, str(DOUBLE), marker or str(tmp_path / "died"), str(idle_s))
        made.append(Worker("double", command, Patience(start_s=60.0, answer_s=answer_s)))
        return made[-1]

    yield make
    for worker in made:
        worker.close()


def test_sound_comes_back_at_the_house_rate(make_worker: MakeWorker) -> None:
    worker = make_worker()
    pcm = worker.answer(worker.ask({"text": "mười chữ số"}))
    assert len(pcm) / 2 / RATE_HZ == pytest.approx(0.05 * len("mười chữ số"), abs=0.02)


def test_chunks_come_in_order_with_their_places(make_worker: MakeWorker) -> None:
    text = "Một hai ba. Bốn năm. Sáu bảy tám chín."
    chunks = list(make_worker().say(pieces(text, 70)))
    assert [text[c.start : c.end] for c in chunks] == ["Một hai ba.", "Bốn năm.", "Sáu bảy tám chín."]
    assert len({len(chunk.pcm) for chunk in chunks}) == 3


def test_the_next_piece_is_asked_for_before_the_last_is_handed_out(make_worker: MakeWorker) -> None:
    taken = 0

    def todo() -> Iterator[Any]:
        nonlocal taken
        for piece in pieces("Một. Hai. Ba. Bốn.", 70):
            taken += 1
            yield piece

    said = make_worker().say(todo())
    next(said)
    assert taken == 2


def test_a_refusal_names_the_reason_and_the_worker_lives_on(make_worker: MakeWorker) -> None:
    worker = make_worker()
    for text, reason in (("refuse", "this cannot be said"), ("memory", "needs more memory")):
        with pytest.raises(VoiceError, match=f"double: .*{reason}"):
            worker.answer(worker.ask({"text": text}))
    pid = worker.pid
    assert worker.answer(worker.ask({"text": "tiếp tục"}))
    assert worker.pid == pid


def test_an_engine_that_cannot_be_opened_says_why(make_worker: MakeWorker) -> None:
    with pytest.raises(VoiceError, match="double: the engine is broken"):
        make_worker("broken").ask({"text": "alo"})


def test_a_worker_killed_in_mid_sentence_is_replaced_and_nothing_is_lost(make_worker: MakeWorker) -> None:
    text = "Một hai. dieonce tại đây. Ba bốn. Năm sáu."
    chunks = list(make_worker().say(pieces(text, 70)))
    assert [text[c.start : c.end] for c in chunks] == ["Một hai.", "dieonce tại đây.", "Ba bốn.", "Năm sáu."]
    assert all(chunk.pcm for chunk in chunks)


def test_a_worker_killed_from_outside_is_replaced(make_worker: MakeWorker) -> None:
    worker = make_worker()
    said = worker.say(pieces("Một hai. Ba bốn. Năm sáu. Bảy tám.", 70))
    next(said)
    first = worker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert [chunk.pcm != b"" for chunk in said] == [True, True, True]
    assert worker.pid != first


def test_a_piece_that_kills_every_worker_is_given_up(make_worker: MakeWorker) -> None:
    with pytest.raises(WorkerGoneError, match="signal 9"):
        list(make_worker().say(pieces("die tại đây.", 70)))


def test_a_worker_that_is_too_slow_is_ended(make_worker: MakeWorker) -> None:
    worker = make_worker(answer_s=0.3)
    number = worker.ask({"text": "hang"})
    pid = worker.pid
    assert pid is not None
    with pytest.raises(WorkerGoneError, match=r"no sound after 0\.3 s"):
        worker.answer(number)
    assert not psutil.pid_exists(pid)


def test_what_a_library_prints_does_not_reach_the_frames(make_worker: MakeWorker) -> None:
    worker = make_worker()
    assert worker.answer(worker.ask({"text": "print này"}))


def test_rubbish_in_the_pipe_is_not_taken_for_sound() -> None:
    rubbish = ("sh", "-c", "echo this is not a frame at all; cat >/dev/null")
    worker = Worker("double", rubbish, Patience())
    with pytest.raises(WorkerGoneError, match="not a frame"):
        worker.ask({"text": "alo"})


def test_a_program_that_is_not_there_is_a_voice_error() -> None:
    with pytest.raises(VoiceError, match="cannot be started"):
        Worker("double", ("/nonexistent/python",), Patience()).ask({"text": "alo"})


def test_an_idle_worker_leaves_and_the_next_request_brings_a_new_one(make_worker: MakeWorker) -> None:
    worker = make_worker(idle_s=0.05)
    worker.answer(worker.ask({"text": "một"}))
    assert worker.pid is not None
    psutil.Process(worker.pid).wait(timeout=DEADLINE_S)
    assert worker.answer(worker.ask({"text": "hai"}))


@pytest.mark.parametrize(("opens", "status"), [("none", 0), ("broken", EXIT_CANNOT_SPEAK)])
def test_a_worker_that_leaves_by_itself_ends_in_order(opens: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not aborted by an interpreter that cannot have what its reading thread holds: that is a crash in the journal."""
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    command = (sys.executable, str(DOUBLE), opens, "0.05")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as worker:
        assert worker.stdin is not None
        assert worker.stderr is not None
        worker.stdin.write(b'{"id": 1, "text": "m"}\n')
        worker.stdin.flush()
        assert worker.wait(DEADLINE_S) == status  # its standard input is still open
        assert worker.stderr.read() == b""


def test_a_worker_gives_way_and_ends_with_the_house_even_in_mid_work(make_worker: MakeWorker) -> None:
    worker = make_worker()
    worker.ask({"text": "hang"})
    assert worker.pid is not None
    process = psutil.Process(worker.pid)
    assert process.nice() == min(19, psutil.Process().nice() + 10)
    assert process.rlimit(psutil.RLIMIT_AS) == (1 << 30, 1 << 30)
    worker.close()
    worker.close()
    assert not process.is_running()


def test_answers_nobody_waits_for_any_more_are_dropped(make_worker: MakeWorker) -> None:
    worker = make_worker()
    worker.ask({"text": "bỏ dở giữa chừng vì có tin khẩn"})
    wanted = worker.ask({"text": "tin khẩn"})
    assert len(worker.answer(wanted)) / 2 / RATE_HZ == pytest.approx(0.05 * len("tin khẩn"), abs=0.02)
