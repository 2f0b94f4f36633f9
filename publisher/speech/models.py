from __future__ import annotations

from django.db import models


class SpokenClip(models.Model):
    """Words that were spoken here: a file in the content store, found by a digest of the words and their language."""

    digest = models.CharField(max_length=64, primary_key=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    duration_s = models.FloatField()
    voice = models.CharField(max_length=200)
    made = models.DateTimeField()
