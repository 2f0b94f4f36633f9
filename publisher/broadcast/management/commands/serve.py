"""The web process; started by the supervisor on a socket that already listens."""

from __future__ import annotations

import os
import signal
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from waitress.server import create_server

from publisher.home import Options
from publisher.media.limits import Limits
from publisher.wsgi import application


class Command(BaseCommand):
    help = "Serve the web application."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--socket-fd", type=int, required=True, help="descriptor of a listening socket")
        parser.add_argument("--ready-fd", type=int, help="file descriptor that gets one line when it serves")

    def handle(self, *args: Any, **options: Any) -> None:
        given: Options = settings.OPTIONS
        proxy = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto"}
        server = create_server(
            application,
            sockets=[socket.socket(fileno=options["socket_fd"])],
            threads=given.web_threads,
            ident=None,
            max_request_body_size=Limits.of(given).request_b,
            **(proxy if given.trust_proxy else {}),
        )
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        if options["ready_fd"] is not None:
            os.write(options["ready_fd"], b"ready\n")
            os.close(options["ready_fd"])
        server.run()
