"""Load the official units of a province: the province, its communes and their dated names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from publisher.units.services import load_province
from publisher.units.tree import UnknownUnitError


class Command(BaseCommand):
    help = "Load the official units of a province, or bring them up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("province", help="two-digit code of the province, such as 75")

    def handle(self, *args: Any, province: str, **options: Any) -> None:
        try:
            count = load_province(province, timezone.localdate())
        except UnknownUnitError as exc:
            raise CommandError(str(exc)) from exc
        self.stdout.write(f"{count} units of province {province} are in the database")
