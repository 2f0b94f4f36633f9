from __future__ import annotations

import atexit
from functools import cached_property
from pathlib import Path
from typing import cast

from django.apps import AppConfig, apps
from django.conf import settings

from publisher.home import Home
from publisher.media.desk import PrepareDesk
from publisher.media.limits import Limits
from publisher.media.listening import Listening
from tts.clip import ClipMaker
from tts.voices import preference

SPEED_WPM = 150


class MediaConfig(AppConfig):
    """Owns the two helpers that work aside from the web threads; each starts when it is first asked for."""

    name = "publisher.media"
    label = "media"
    default_auto_field = "django.db.models.BigAutoField"

    @cached_property
    def desk(self) -> PrepareDesk:
        desk = PrepareDesk(_home().scratch / "frames")
        atexit.register(desk.close)
        return desk

    @cached_property
    def listening(self) -> Listening:
        maker = ClipMaker(_folder(_home().scratch / "clips"), preference("auto"), _home().root / "voices", SPEED_WPM)
        listening = Listening(maker)
        atexit.register(listening.close)
        return listening


def desk() -> PrepareDesk:
    return cast(MediaConfig, apps.get_app_config("media")).desk


def listening() -> Listening:
    return cast(MediaConfig, apps.get_app_config("media")).listening


def limits() -> Limits:
    return Limits.of(settings.OPTIONS)


def _home() -> Home:
    return settings.HOME


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
