from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unit(models.Model):
    """An administrative unit or a free group of screens, keyed by a code that never changes.

    Official units carry the code of the statistics office; name, type and parent are dated (see
    UnitFact). Free groups have codes beginning with `g-`. Below a commune, units have codes of
    their own and a free label.
    """

    code = models.CharField(_("mã"), max_length=32, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("tên"), max_length=200)  # the name in force today, kept by units.services
    kind = models.CharField(_("loại"), max_length=40)
    official = models.BooleanField(default=True)
    crest = models.ForeignKey("media.Asset", models.PROTECT, null=True, blank=True, related_name="+")
    theme = models.JSONField(null=True, blank=True)  # a player.model.UnitTheme; see units.dress
    words = models.TextField(blank=True, default="")  # its own readings of abbreviations; see units.words
    settings = models.JSONField(default=dict)  # only what differs from the parent: see units.settings

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class UnitFact(models.Model):
    """What an official unit was called, of which kind and under whom, from a day to the day before another."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="facts")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    parent_code = models.CharField(max_length=32, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["unit_id", "valid_from"]


class GroupMember(models.Model):
    """A screen in a free group."""

    group = models.ForeignKey(Unit, models.CASCADE, related_name="members")
    screen = models.ForeignKey("screens.Screen", models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "screen"], name="one_membership")]
