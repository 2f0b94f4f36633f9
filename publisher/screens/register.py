"""A new board in the books, before it is claimed."""

from __future__ import annotations

from publisher import names
from publisher.screens.claims import new_screen_id
from publisher.screens.models import Screen
from publisher.units.models import Unit


def add_screen(unit: Unit, *, name: str, place: str, kind: str, width_px: int, height_px: int) -> Screen:
    """A board of `unit`; `kind` is "hdmi" or "led". Its real size comes with the claim.

    Raises django.core.exceptions.ValidationError if the name or the place may not be shown.
    """
    kept = names.checked(Screen, name=name, place=place)
    screen: Screen = Screen.objects.create(
        id=new_screen_id(), unit=unit, kind=kind, width_px=width_px, height_px=height_px, **kept
    )
    return screen
