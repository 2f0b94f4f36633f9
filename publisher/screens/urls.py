"""Addresses for screens themselves, not for people. Their views carry `login_not_required` and check the token."""

from __future__ import annotations

from django.urls import path

from publisher.screens import device

urlpatterns = [
    path("device/v1/claim", device.claim),
    path("device/v1/keys", device.keys),
    path("device/v1/picture", device.picture),
    path("content/<str:sha256>", device.content),
]
