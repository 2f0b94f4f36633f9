"""Add a person with a role in a unit. The generated password is printed once and kept nowhere."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from publisher.accounts.models import Role
from publisher.accounts.people import add_person
from publisher.names import told
from publisher.units.models import Unit


class Command(BaseCommand):
    help = "Add a person with a role in a unit; prints a generated password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--unit", required=True, help="code of the unit, such as 25357")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--name", default="", help="full name")
        parser.add_argument("--emergency", action="store_true", help="may publish emergencies")

    def handle(self, *args: Any, username: str, unit: str, role: str, **options: Any) -> None:
        place = Unit.objects.filter(code=unit).first()
        if place is None:
            raise CommandError(f"no unit {unit!r} in the database; load its province first: loadunits")
        try:
            _, password = add_person(username, options["name"], place, role, options["emergency"])
        except ValidationError as refused:
            raise CommandError("\n".join(told(refused))) from refused
        except IntegrityError as exc:
            raise CommandError(f"the name {username!r} is taken") from exc
        self.stdout.write(f"{username} {password}")
