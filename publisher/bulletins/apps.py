from __future__ import annotations

from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "publisher.bulletins"
    label = "bulletins"
    default_auto_field = "django.db.models.BigAutoField"
