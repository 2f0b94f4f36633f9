from __future__ import annotations

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "publisher.units"
    label = "units"
    default_auto_field = "django.db.models.BigAutoField"
