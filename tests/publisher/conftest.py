"""What every test of the publisher stands on: a home of its own, a database in a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from publisher.home import Home


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The test database is a file: several threads and WAL, as in life; never one shared with another run."""
    path = tmp_path_factory.mktemp("publisher") / "test.db"
    django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(path)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Home:
    """A publisher's folder for this test alone."""
    place = Home(tmp_path / "home").ensure()
    settings.HOME = place
    settings.SECRET_KEY = "only-for-tests-0123456789012345678901234567890"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["*"]
    return place
