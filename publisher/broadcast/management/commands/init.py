"""Everything a publisher needs before its first start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from publisher.broadcast.keys import key_store


class Command(BaseCommand):
    help = "Make the publisher's folder, tables and keys; harmless when they are there."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        home = settings.HOME.ensure()
        call_command("migrate", interactive=False, verbosity=0)
        made = key_store(home.keys, settings.OPTIONS.root_key).create(timezone.now())
        self.stdout.write(f"The publisher's folder is {home.root}")
        if made:
            self.stdout.write(f"Keys were made. Keep a copy of {home.keys} where this machine cannot lose it.")
