"""Which part of the publisher answers which address."""

from __future__ import annotations

from django.urls import include, path

from publisher.api import api

urlpatterns = [
    path("", include("publisher.screens.urls")),  # /device/v1/… and /content/…: what screens themselves ask for
    path("api/v1/", api.urls),
    path("", include("publisher.web.urls")),
]
