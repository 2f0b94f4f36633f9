"""The whole publisher; see publisher.supervisor."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from drivers.process import die_with_parent
from publisher.supervisor import Supervisor


class Command(BaseCommand):
    help = "Run the publisher: broker, broadcast and web, until SIGTERM or until one of them ends."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="port of the web application; 0 chooses a free one")
        parser.add_argument("--ready-file", type=Path, help="gets the addresses as JSON once everything runs")
        parser.add_argument("--die-with-parent", action="store_true", help="stop when the starting process ends")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["die_with_parent"]:
            die_with_parent(os.getppid(), signal.SIGTERM)
        supervisor = Supervisor(settings.HOME, settings.OPTIONS, options["port"], options["ready_file"])
        sys.exit(supervisor.run())
