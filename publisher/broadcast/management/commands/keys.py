"""Show the publisher's keys, replace the signing key or the root key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from publisher.broadcast import outbox
from publisher.broadcast.keys import KeyStore, KeyStoreError, key_store
from publisher.screens import claims


class Command(BaseCommand):
    help = "Show the keys in force, or replace the signing key (rotate) or the root key (rotate-root)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("show", "rotate", "rotate-root"))

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        store = key_store(settings.HOME.keys, settings.OPTIONS.root_key)
        try:
            if action == "rotate":
                store.rotate(timezone.now())
                self._announce()
            elif action == "rotate-root":
                self._rotate_root(store)
            self._show(store)
        except KeyStoreError as exc:
            raise CommandError(str(exc)) from exc

    def _rotate_root(self, store: KeyStore) -> None:
        now = timezone.now()
        store.rotate_root(now)
        self._announce()
        void = claims.void_unused(now)  # a code vouches for the root of its day
        self.stdout.write(
            "Đã đổi khoá gốc. Bảng đang có mạng nhận ngay, bảng vắng nhận khi trở lại. / The root key was replaced. "
            "Boards take it over as they hear of it, those that are away when they return.\n"
            f"Mã nhận bảng chưa dùng đã huỷ: {void}; hãy cấp mã mới. / Unused claim codes that are void now: {void}.\n"
            "Hãy sao lưu lại ngay: các bản sao lưu cũ không còn dùng được. / Make a backup now: what older ones hold, "
            "boards do not obey."
        )

    def _announce(self) -> None:
        # Files and database cannot change together. If this is never reached, the next start of the
        # broadcast finds what the former key signed and makes it anew all the same.
        with transaction.atomic():
            outbox.put("keys", "root")

    def _show(self, store: KeyStore) -> None:
        signer, keyset = store.load(), store.keyset()
        self.stdout.write(f"root key     {signer.root_public}")
        self.stdout.write(f"signing key  {signer.key_id}")
        self.stdout.write(f"key set      {keyset.seq}, until {keyset.expires:%Y-%m-%d}")
