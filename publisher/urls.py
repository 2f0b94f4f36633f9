"""Which part of the publisher answers which address."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("publisher.screens.urls")),  # /device/v1/… and /content/…: what screens themselves ask for
    path("", include("publisher.web.urls")),
]
