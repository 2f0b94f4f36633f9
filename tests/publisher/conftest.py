"""What every test of the publisher stands on: a home of its own, a database in a file of its own."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone, translation
from playwright.sync_api import Browser

from publisher.accounts.models import Membership, Role, User
from publisher.home import Home
from publisher.screens.claims import new_screen_id
from publisher.screens.models import Screen
from publisher.units.models import Unit
from tests.chromium import launched


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The test database is a file: several threads and WAL, as in life; never one shared with another run."""
    path = tmp_path_factory.mktemp("publisher") / "test.db"
    database: dict[str, Any] = django_settings.DATABASES["default"]
    database.setdefault("TEST", {})["NAME"] = str(path)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Home:
    """A publisher's folder for this test alone."""
    place = Home(tmp_path / "home").ensure()
    settings.HOME = place
    settings.SECRET_KEY = "only-for-tests-0123456789012345678901234567890"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["*"]
    return place


@pytest.fixture(scope="module")
def browser_flags() -> tuple[str, ...]:
    """What a file's Chromium is started with beside the usual; overridden where a test needs more."""
    return ()


@pytest.fixture(scope="module")
def browser(chromium_path: str | None, browser_flags: tuple[str, ...]) -> Iterator[Browser]:
    """Chromium, whose loop runs in this thread, where the tests also use the database."""
    with pytest.MonkeyPatch.context() as patch, launched(chromium_path, *browser_flags) as chromium:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield chromium


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    """A page asked for in English leaves its language behind in this thread; the next test begins in Vietnamese."""
    with translation.override("vi"):
        yield


@dataclass(frozen=True)
class Commune:
    """A small administration: a province over two communes, people of Tân Khai, and two boards there."""

    province: Unit
    unit: Unit
    other: Unit
    writer: User
    approver: User  # holds the emergency right
    technician: User
    admin: User
    stranger: User  # an approver of the other commune
    hdmi: Screen
    led: Screen


PASSWORD = "mot-cau-rat-kho-doan"


def person(username: str, unit: Unit, role: str, *, emergency: bool = False) -> User:
    """Somebody with a role and a password they have already changed."""
    user: User = User.objects.create_user(username, password=PASSWORD, full_name=username.title())
    Membership.objects.create(user=user, unit=unit, role=role, emergency=emergency)
    return user


def board(unit: Unit, name: str, width_px: int, height_px: int, kind: str) -> Screen:
    """A claimed screen."""
    screen: Screen = Screen.objects.create(
        id=new_screen_id(), unit=unit, name=name, width_px=width_px, height_px=height_px, kind=kind,
        claimed=timezone.now(), password_hash="$7$101$x$x",
    )  # fmt: skip
    return screen


@pytest.fixture
def commune(db: None) -> Commune:
    province = Unit.objects.create(code="75", name="Thành phố Đồng Nai", kind="thanh_pho")
    unit = Unit.objects.create(code="25357", name="Phường Tân Khai", kind="phuong", parent=province)
    other = Unit.objects.create(code="25345", name="Xã Tân Hưng", kind="xa", parent=province)
    return Commune(
        province=province,
        unit=unit,
        other=other,
        writer=person("soan", unit, Role.WRITER),
        approver=person("duyet", unit, Role.APPROVER, emergency=True),
        technician=person("kythuat", province, Role.TECHNICIAN),
        admin=person("quantri", province, Role.ADMIN),
        stranger=person("la", other, Role.APPROVER),
        hdmi=board(unit, "Bảng trước trụ sở", 1920, 1080, "hdmi"),
        led=board(unit, "Bảng LED chợ", 192, 96, "led"),
    )


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """A browser in which that person is logged in."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="publisher.accounts.backend.LimitedBackend")
        return client

    return log_in


@pytest.fixture(autouse=True)
def _helpers_end(home: Home) -> Iterator[None]:
    """The helpers beside the web threads belong to this test's home and end with it."""
    yield
    config = apps.get_app_config("media")
    for name in ("desk", "listening"):
        helper = config.__dict__.pop(name, None)
        if helper is not None:
            atexit.unregister(helper.close)
            helper.close()
