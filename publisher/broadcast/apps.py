from __future__ import annotations

from django.apps import AppConfig


class BroadcastConfig(AppConfig):
    name = "publisher.broadcast"
    label = "broadcast"
    default_auto_field = "django.db.models.BigAutoField"
