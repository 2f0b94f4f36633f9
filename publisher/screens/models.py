from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Screen(models.Model):
    """A board on a wall. Its id (`s-…`) is its MQTT user name and client id."""

    id = models.CharField(max_length=26, primary_key=True)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="screens")
    name = models.CharField(_("tên bảng"), max_length=100)
    place = models.CharField(_("nơi đặt"), max_length=200, blank=True)
    width_px = models.PositiveIntegerField(default=1920)
    height_px = models.PositiveIntegerField(default=1080)
    kind = models.CharField(max_length=10, default="hdmi")  # "hdmi" or "led"
    token_digest = models.CharField(max_length=64, blank=True, db_index=True)  # SHA-256 of its HTTP token
    password_hash = models.CharField(max_length=200, blank=True)  # as Mosquitto's password file holds it
    claimed = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    # the last report, kept by broadcast.uplink
    online = models.BooleanField(default=False)
    seen = models.DateTimeField(null=True, blank=True)
    applied_seq = models.BigIntegerField(default=0)
    state = models.JSONField(default=dict)
    health = models.JSONField(default=dict)
    health_at = models.DateTimeField(null=True, blank=True)
    stopped = models.BooleanField(default=False)  # the emergency stop was asked for and not released

    # the last playlist composed for it, kept by broadcast.compose
    seq = models.BigIntegerField(default=0)
    playlist_sha256 = models.CharField(max_length=64, blank=True)
    pointer = models.BinaryField(default=bytes)  # the signed envelope as announced
    composed = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of all in it but seq and dates: unchanged, not reissued

    class Meta:
        ordering = ["unit_id", "name"]

    def __str__(self) -> str:
        return self.name


class Claim(models.Model):
    """A one-time claim code: only the SHA-256 of its secret is kept, for 24 hours."""

    screen = models.ForeignKey(Screen, models.CASCADE, related_name="claims")
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True, blank=True)
    used_by_device = models.CharField(max_length=64, blank=True)


class Picture(models.Model):
    """The newest picture of what a screen really shows, uploaded by its agent."""

    screen = models.OneToOneField(Screen, models.CASCADE, related_name="picture")
    at = models.DateTimeField()
    png = models.BinaryField()


class PlayRecord(models.Model):
    """Proof of play: counted once by (screen, database uuid, row id)."""

    screen = models.ForeignKey(Screen, models.CASCADE, related_name="plays")
    uuid = models.CharField(max_length=36)
    row = models.BigIntegerField()
    kind = models.CharField(max_length=10, default="item")
    bulletin_uid = models.CharField(max_length=64, db_index=True)
    revision = models.PositiveIntegerField()
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True)
    received = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screen", "uuid", "row"], name="a_play_counts_once")]


class Delivery(models.Model):
    """How far one revision of a bulletin came on one screen: the delivery line is counted from these."""

    screen = models.ForeignKey(Screen, models.CASCADE, related_name="deliveries")
    bulletin = models.ForeignKey("bulletins.Bulletin", models.CASCADE, related_name="deliveries")
    revision = models.PositiveIntegerField()
    seq = models.BigIntegerField(default=0)  # of the first playlist (or alert envelope) that holds it
    gone_seq = models.BigIntegerField(default=0)  # of the first one that no longer does; 0 while it is on air
    announced = models.DateTimeField(null=True, blank=True)
    trusted = models.DateTimeField(null=True, blank=True)
    prepared = models.DateTimeField(null=True, blank=True)
    committed = models.DateTimeField(null=True, blank=True)
    shown = models.DateTimeField(null=True, blank=True)  # first pixels
    proved = models.DateTimeField(null=True, blank=True)  # when the first play arrived here
    gone = models.DateTimeField(null=True, blank=True)  # applied playlist no longer holds it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["screen", "bulletin", "revision"], name="one_delivery")]


class ScreenEvent(models.Model):
    """What a screen reported besides plays: refusals, answers, alarms."""

    screen = models.ForeignKey(Screen, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
