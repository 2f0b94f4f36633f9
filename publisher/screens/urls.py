"""Addresses for screens themselves, not for people. Their views carry `login_not_required` and check the token."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
