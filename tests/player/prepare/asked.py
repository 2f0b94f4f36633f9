"""What the tests of the prepare workers ask for, and how they take what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from player.model import Media
from player.prepare.jobs import Failed, Inspected
from player.show import PanelShape, Prepared, Show

MakeShow = Callable[..., Show]
Collect = Callable[..., dict[str, Prepared | Failed | Inspected]]
LED: Final = PanelShape(192, 96, "led")
PHOTO: Final = Media("1" * 64, 1000, "image/jpeg")


def ready(found: Prepared | Failed | Inspected) -> Prepared:
    """It was made."""
    assert isinstance(found, Prepared), found
    return found
