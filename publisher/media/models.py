from __future__ import annotations

from django.db import models


class Asset(models.Model):
    """A checked file in the content store, named by its hash; `mime` is what it is, not what it was called."""

    class Kind(models.TextChoices):
        PICTURE = "picture"
        AUDIO = "audio"

    sha256 = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    mime = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    width_px = models.PositiveIntegerField(default=0)
    height_px = models.PositiveIntegerField(default=0)
    duration_s = models.FloatField(default=0)  # of a sound, a film, or one round of an animated picture
    pages = models.PositiveIntegerField(default=1)  # of a document
    name = models.CharField(max_length=200, blank=True)  # what the person who brought it called it
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    uploaded = models.DateTimeField(auto_now_add=True)

    @property
    def still(self) -> bool:
        """Whether any browser shows it as a picture."""
        return self.mime in ("image/jpeg", "image/png", "image/webp", "image/gif")

    @property
    def film(self) -> bool:
        """Whether it is moving pictures with their sound."""
        return self.mime.startswith("video/")

    @property
    def lasts(self) -> bool:
        """Whether it is a film or a sound."""
        return self.mime.startswith(("video/", "audio/"))


class Upload(models.Model):
    """A file on its way in: checked by a prepare worker before it becomes an Asset, or refused with a reason."""

    class Status(models.TextChoices):
        CHECKING = "checking"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    uid = models.CharField(max_length=32, primary_key=True)
    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CHECKING)
    asset = models.ForeignKey(Asset, models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)  # a key of media.store.REASONS
    created = models.DateTimeField(auto_now_add=True)
