"""Add a board to a unit and print its one-time claim code, for an installer without a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from publisher.broadcast.keys import KeyStore
from publisher.names import told
from publisher.screens import claims
from publisher.screens.register import add_screen
from publisher.units.models import Unit

KINDS = ("hdmi", "led")


class Command(BaseCommand):
    help = "Add a board to a unit; prints its id and its claim code, which is good for 24 hours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what staff call the board")
        parser.add_argument("--unit", required=True, help="code of the unit, such as 25357")
        parser.add_argument("--size", default="1920x1080", help="WIDTHxHEIGHT in pixels")
        parser.add_argument("--kind", default="hdmi", choices=KINDS)
        parser.add_argument("--place", default="", help="where it hangs")

    @transaction.atomic
    def handle(self, *args: Any, name: str, unit: str, size: str, kind: str, place: str, **options: Any) -> None:
        owner = Unit.objects.filter(code=unit).first()
        if owner is None:
            raise CommandError(f"no unit {unit!r} in the database; load its province first: loadunits")
        given = re.fullmatch(r"(\d{2,4})x(\d{2,4})", size)
        if given is None:
            raise CommandError(f"size {size!r}: needs WIDTHxHEIGHT in pixels, such as 1920x1080")
        width_px, height_px = map(int, given.groups())
        try:
            screen = add_screen(owner, name=name, place=place, kind=kind, width_px=width_px, height_px=height_px)
        except ValidationError as refused:
            raise CommandError("\n".join(told(refused))) from refused
        self.stdout.write(f"{screen.pk} {claims.create_code(screen, None, self._root(), timezone.now())}")

    def _root(self) -> str:
        """The public root key; made now if the publisher never ran."""
        root_key = settings.OPTIONS.root_key
        keys = KeyStore(settings.HOME.keys, Path(root_key) if root_key else None)
        keys.create(timezone.now())
        return keys.load().root_public
