from __future__ import annotations

from django.db import models


class Task(models.Model):
    """The transactional outbox: written in the same transaction as the change it announces.

    `kind` is desired (compose one screen's playlist), alert (one emergency bulletin), command,
    keys (send the key set to a screen) or access (broker credentials changed). Done rows are pruned.
    """

    kind = models.CharField(max_length=10)
    target = models.CharField(max_length=64)  # screen id, or bulletin uid for an alert
    detail = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(null=True, blank=True)  # set back before a retry: no poison loop
    attempts = models.PositiveIntegerField(default=0)
    done = models.DateTimeField(null=True, blank=True, db_index=True)
    error = models.TextField(blank=True)


class AlertEnvelope(models.Model):
    """The newest signed envelope of an emergency for one group; re-published on connect until it expires."""

    bulletin = models.ForeignKey("bulletins.Bulletin", models.CASCADE, related_name="envelopes")
    group = models.CharField(max_length=32)
    seq = models.BigIntegerField()
    envelope = models.BinaryField()
    expires = models.DateTimeField()
    ended = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "group"], name="one_envelope_a_group")]


class Sequence(models.Model):
    """The last seq given out for a (kind, target); the next is max(last + 1, unix seconds)."""

    kind = models.CharField(max_length=10)
    target = models.CharField(max_length=100)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "target"], name="one_sequence")]


class SentCommand(models.Model):
    """A command and its answer, for the technician's page."""

    uid = models.CharField(max_length=32, unique=True)
    screen = models.ForeignKey("screens.Screen", models.CASCADE, related_name="commands")
    verb = models.CharField(max_length=20)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    asked = models.DateTimeField(auto_now_add=True)
    envelope = models.BinaryField(default=bytes)
    expires = models.DateTimeField()
    answered = models.DateTimeField(null=True, blank=True)
    ok = models.BooleanField(null=True)
    detail = models.TextField(blank=True)
