"""Show or rotate the publisher's keys."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from publisher.broadcast import outbox
from publisher.broadcast.keys import KeyStore, KeyStoreError, key_store


class Command(BaseCommand):
    help = "Show the keys in force, or replace the signing key."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("show", "rotate"))

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        store = key_store(settings.HOME.keys, settings.OPTIONS.root_key)
        try:
            if action == "rotate":
                self._rotate(store)
            self._show(store)
        except KeyStoreError as exc:
            raise CommandError(str(exc)) from exc

    def _rotate(self, store: KeyStore) -> None:
        store.rotate(timezone.now())
        # Files and database cannot change together. If this is never reached, the next start of the
        # broadcast finds what the former key signed and makes it anew all the same.
        with transaction.atomic():
            outbox.put("keys", "root")

    def _show(self, store: KeyStore) -> None:
        signer, keyset = store.load(), store.keyset()
        self.stdout.write(f"root key     {signer.root_public}")
        self.stdout.write(f"signing key  {signer.key_id}")
        self.stdout.write(f"key set      {keyset.seq}, until {keyset.expires:%Y-%m-%d}")
