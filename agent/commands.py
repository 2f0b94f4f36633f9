"""The few things a technician can order. Each is signed, for this screen, new, and not expired.

stop and release are written down and answered at once. identify, screenshot, test-pattern and
restart become requests to the player, which answers with a file; a request that it leaves
unanswered until it expires is answered for it. Nothing here takes an argument.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from agent import trust
from agent.desk import Desk
from agent.events import Call
from agent.fetch import FetchError
from agent.store import Request
from player.model import Reply, Verb
from player.wire import WireError, decode

log = logging.getLogger(__name__)


class Commands:
    """Carries commands out and sends their answers.

    `upload(request id, png)` sends a screenshot and may raise FetchError; it is called through
    `aside(work)`, off the main loop. `restart()` ends this process once the player has answered.
    """

    def __init__(
        self,
        desk: Desk,
        answer_dir: Path,
        *,
        upload: Callable[[str, bytes], None],
        aside: Callable[[Callable[[], Call]], None],
        restart: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._answer_dir = answer_dir
        self._upload = upload
        self._aside = aside
        self._restart = restart
        self._sending: set[str] = set()

    @property
    def stopped(self) -> bool:
        return self._desk.store.status("stopped") == "1"

    def take(self, envelope: bytes) -> None:
        """Judge and carry out one command."""
        desk = self._desk
        floor, now = desk.store.floor("command", desk.screen), desk.clock.instant()
        found = desk.judged(lambda: trust.command(envelope, desk.keys.ring, desk.screen, floor, now))
        if found is None:
            return
        command = found.value
        desk.store.accept_command(found, desk.now())
        desk.accepted("command", command.issued)
        log.warning("command %s (%s)", command.verb, command.id)
        if command.verb in (Verb.STOP, Verb.RELEASE):
            desk.outbox.put_reply(Reply(command.id, command.verb, ok=True))

    def collect(self) -> None:
        """Take up every answer that lies there for an open request; anything else in the folder is old and goes."""
        waiting = {request.id: request for request in self._desk.store.requests()}
        for file in sorted(self._answer_dir.glob("*.json")):
            request = waiting.get(file.stem)
            if request is None:
                _remove(file)
            else:
                self._finish(request, file)

    def forget_old(self) -> None:
        """Answer for the player what it did not answer in time; a picture on its way up answers for itself."""
        now = self._desk.now()
        for request in self._desk.store.requests():
            if request.expires <= now and request.id not in self._sending:
                reply = Reply(request.id, Verb(request.verb), ok=False, detail="the player gave no answer in time")
                self._close(reply)

    def _finish(self, request: Request, file: Path) -> None:
        if request.id in self._sending:
            return
        reply = self._read(request, file)
        if reply.ok and request.verb == Verb.SCREENSHOT:
            self._send_picture(reply, file.with_suffix(".png"))
        else:
            self._close(reply)

    def _read(self, request: Request, file: Path) -> Reply:
        verb = Verb(request.verb)
        try:
            reply = decode(file.read_bytes(), Reply)
        except (OSError, WireError) as exc:
            return Reply(request.id, verb, ok=False, detail=f"the player's answer cannot be read: {exc}")
        if (reply.id, reply.verb) != (request.id, verb):
            return Reply(request.id, verb, ok=False, detail="the player answered something else")
        return reply

    def _send_picture(self, reply: Reply, picture: Path) -> None:
        try:
            png = picture.read_bytes()
        except OSError as exc:
            self._close(Reply(reply.id, reply.verb, ok=False, detail=f"no picture: {exc}"))
            return
        self._sending.add(reply.id)
        self._aside(lambda: self._uploaded(reply, png))

    def _uploaded(self, reply: Reply, png: bytes) -> Call:
        try:
            self._upload(reply.id, png)
        except FetchError as exc:
            reply = Reply(reply.id, reply.verb, ok=False, detail=f"the picture could not be sent: {exc}")
        return Call(lambda: self._close(reply))

    def _close(self, reply: Reply) -> None:
        """First the answer is on its way, then the request goes, then its file: a cut repeats, never loses."""
        self._desk.outbox.put_reply(reply)
        self._desk.store.drop_request(reply.id)
        self._sending.discard(reply.id)
        _remove(self._answer_dir / f"{reply.id}.json")
        if reply.ok and reply.verb is Verb.RESTART:
            self._restart()


def _remove(file: Path) -> None:
    """Delete an answer and its picture."""
    file.with_suffix(".png").unlink(missing_ok=True)
    file.unlink(missing_ok=True)
