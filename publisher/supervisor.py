"""The publisher as one thing: started in order, watched, and stopped in reverse.

Home folder → tables → keys → broker → broadcast → web → the readiness file. When one of the children
ends by itself the whole publisher stops with exit status 1, and whoever started it (systemd) starts
it again: nothing is repaired in place.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from drivers.disk import replace_file
from publisher.broadcast import access, passwords
from publisher.broadcast.broker import (
    PUBLISHER_USER,
    Account,
    BrokerError,
    BrokerFiles,
    PrivateBroker,
    broker_owner,
)
from publisher.broadcast.keys import KeyStoreError, key_store
from publisher.broadcast.link import ADDRESS_FILE, BrokerAddress
from publisher.children import Child, Watch
from publisher.home import Home, Options
from publisher.ports import free_port, wait_until_free

READY_S: Final = 60.0

log = logging.getLogger(__name__)


class SupervisorError(RuntimeError):
    """The publisher cannot start; the message says why."""


class Supervisor:
    """Runs the publisher of `home`. `port` overrides the web port of the options; 0 chooses a free one."""

    def __init__(self, home: Home, options: Options, port: int | None, ready_file: Path | None) -> None:
        self._home = home
        self._options = options
        self._port = options.port if port is None else port
        self._ready_file = ready_file

    def run(self) -> int:
        """The whole start, the watch, and the whole stop in reverse; the exit status."""
        try:
            with ExitStack() as stop:
                return self._run(stop)
        except (SupervisorError, BrokerError, KeyStoreError) as exc:
            log.error("The publisher cannot start: %s", exc)
            return 1

    def _run(self, stop: ExitStack) -> int:
        watch = stop.enter_context(Watch())
        self._prepare_home(stop)
        listener = self._listen(stop)
        address = self._start_broker(stop, watch)
        self._start(stop, watch, "broadcast", ["broadcast"])
        web = ["serve", "--socket-fd", str(listener.fileno())]
        self._start(stop, watch, "web", web, listener.fileno())
        if not watch.until_ready(READY_S):
            return self._status(watch)
        self._tell_ready(stop, listener, address)
        watch.until_end()
        return self._status(watch)

    def _status(self, watch: Watch) -> int:
        if watch.asked_to_stop:
            log.info("The publisher stops")
            return 0
        for child in watch.ended():
            log.error("%s has ended with status %s: the publisher stops", child.name, child.process.returncode)
        return 1

    # --- the start, step by step ----------------------------------------------------------------------------------

    def _prepare_home(self, stop: ExitStack) -> None:
        self._home.ensure()
        self._home.run.mkdir(mode=0o700, exist_ok=True)
        lock = stop.enter_context((self._home.run / "lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise SupervisorError(f"another publisher is running in {self._home.root}") from exc
        call_command("migrate", interactive=False, verbosity=0)
        if key_store(self._home.keys, self._options.root_key).create(timezone.now()):
            log.info("A root key was made in %s: keep a copy where this machine cannot lose it", self._home.keys)

    def _listen(self, stop: ExitStack) -> socket.socket:
        """The web's socket, opened here so that its port is known before anybody needs it."""
        bind = self._options.bind
        if self._port and not wait_until_free(bind, self._port):
            raise SupervisorError(f"{bind}:{self._port} is in use; set another port (0: a free one)")
        listener = socket.create_server((bind, self._port or free_port(bind)), backlog=128)
        stop.callback(listener.close)
        return listener

    def _start_broker(self, stop: ExitStack, watch: Watch) -> BrokerAddress:
        if self._options.broker is not None:
            address = BrokerAddress.of_existing(self._options.broker)
            # Now: a broker that does not know them yet lets nobody in, not even us.
            access.BrokerAccounts(BrokerFiles(self._home.broker), address).update()
            connections.close_all()
        else:
            address = self._start_private_broker(stop, watch)
        stop.callback((self._home.run / ADDRESS_FILE).unlink, missing_ok=True)
        address.save(self._home.run)
        return address

    def _start_private_broker(self, stop: ExitStack, watch: Watch) -> BrokerAddress:
        owner = broker_owner()
        broker = PrivateBroker(BrokerFiles(self._home.broker, owner), owner)
        password = secrets.token_urlsafe(32)
        accounts = [Account(PUBLISHER_USER, passwords.hashed(password), publisher=True), *access.accounts()]
        connections.close_all()  # nothing of the database is held while children write it
        stop.callback(broker.stop)
        process = broker.start(accounts)
        watch.add(Child("The broker", process))
        return BrokerAddress("127.0.0.1", broker.port, PUBLISHER_USER, password, pid=process.pid)

    def _start(self, stop: ExitStack, watch: Watch, name: str, arguments: list[str], *descriptors: int) -> None:
        command = [sys.executable, "-m", "publisher", *arguments]
        child = Child.start(f"The {name} process", command, descriptors, _environment(self._home))
        stop.callback(child.stop)
        watch.add(child)

    def _tell_ready(self, stop: ExitStack, listener: socket.socket, address: BrokerAddress) -> None:
        host, port = listener.getsockname()[:2]
        log.info("The publisher is ready: http://%s:%d, broker on %s:%d", host, port, address.host, address.port)
        if self._ready_file is None:
            return
        ready = {
            "pid": os.getpid(),
            "home": str(self._home.root),
            "url": f"http://{host}:{port}",
            "http": {"host": host, "port": port},
            "mqtt": {"host": address.host, "port": address.port, "tls": address.tls},
        }
        stop.callback(self._ready_file.unlink, missing_ok=True)
        replace_file(self._ready_file, json.dumps(ready).encode(), 0o644, durable=False)


def _environment(home: Home) -> dict[str, str]:
    return {**os.environ, "BANGTIN_PUBLISHER_HOME": str(home.root), "PYTHONUNBUFFERED": "1"}
