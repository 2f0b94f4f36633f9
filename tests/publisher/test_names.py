"""Names of units, groups, boards and people pass the door a bulletin's text passes, whichever way they come in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from publisher import names
from publisher.accounts import people
from publisher.accounts.models import Role, User
from publisher.screens.models import Screen
from publisher.screens.register import add_screen
from publisher.units import services
from publisher.units.models import Unit

REVERSED = "Chợ \u202enìht"
BOARD: dict[str, Any] = {"kind": "hdmi", "width_px": 1920, "height_px": 1080}


@pytest.mark.parametrize(
    ("typed", "code", "shown"),
    [
        (REVERSED, "controls", "U+202E"),
        ("Chợ\u2067", "controls", "U+2067"),
        ("Chợ\x07", "controls", "U+0007"),
        ("Chợ\x00", "controls", "U+0000"),
        ("\ud800", "controls", "U+D800"),
        ("Chợ \U00012345", "uncovered", "\U00012345"),
        ("x" * 101, "name-long", "100 (101)"),
        ("", "empty", "tên"),
        (" \t\n\ufeff ", "empty", "tên"),
    ],
)
def test_what_no_name_may_hold_is_named(typed: str, code: str, shown: str) -> None:
    with pytest.raises(ValidationError) as caught:
        names.checked(Screen, name=typed)
    assert [error.code for error in caught.value.error_dict["name"]] == [code]
    assert shown in names.told(caught.value)[0]


@pytest.mark.parametrize("typed", ["Bảng trước trụ sở", "Sóc Bom Bo", "ភូមិ", "Buôn Đăk Ƀla", "Bảng " + "x" * 95])
def test_names_of_the_country_are_kept_as_they_are(typed: str) -> None:
    assert names.checked(Screen, name=typed) == {"name": typed}


def test_a_name_is_composed_and_stands_on_one_line() -> None:
    typed = unicodedata.normalize("NFD", "  Bảng\tchợ\r\nấp  3 ")
    assert names.checked(Screen, name=typed)["name"] == "Bảng chợ ấp 3"


def test_a_place_may_be_missing_and_every_wrong_field_is_told_at_once() -> None:
    assert names.checked(Screen, name="Chợ", place="")["place"] == ""
    with pytest.raises(ValidationError) as caught:
        names.checked(Screen, name="", place=REVERSED)
    assert set(caught.value.error_dict) == {"name", "place"}


def test_it_is_told_in_both_languages() -> None:
    with pytest.raises(ValidationError) as caught:
        names.checked(Screen, name=REVERSED)
    vietnamese, english = names.told(caught.value)
    assert vietnamese.startswith("Tên có ký tự điều khiển")
    assert english.startswith("The name")
    assert english.isascii()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "give",
    [
        lambda commune: services.add_subunit(commune.unit, REVERSED, "ấp"),
        lambda commune: services.add_subunit(commune.unit, "Ấp 3", REVERSED),
        lambda commune: services.add_group(commune.unit, REVERSED, [commune.led.id]),
        lambda commune: add_screen(commune.unit, name=REVERSED, place="", **BOARD),
        lambda commune: add_screen(commune.unit, name="Chợ", place=REVERSED, **BOARD),
        lambda commune: people.add_person("moi", REVERSED, commune.unit, Role.WRITER),
        lambda commune: people.add_person("Mới\u202e", "Người Mới", commune.unit, Role.WRITER),
    ],
    ids=["hamlet", "kind", "group", "screen", "place", "person", "username"],
)
def test_no_service_keeps_such_a_name(give: Callable[[Any], object], commune: Any) -> None:
    before = (Unit.objects.count(), Screen.objects.count(), User.objects.count())
    with pytest.raises(ValidationError):
        give(commune)
    assert (Unit.objects.count(), Screen.objects.count(), User.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "order",
    [
        ["adduser", "moi", "--unit", "25357", "--role", "writer", "--name", REVERSED],
        ["adduser", "Mới", "--unit", "25357", "--role", "writer"],
        ["addscreen", REVERSED, "--unit", "25357"],
        ["addscreen", "Chợ", "--unit", "25357", "--place", REVERSED],
    ],
)
def test_the_commands_refuse_it_in_both_languages(order: list[str], commune: Any) -> None:
    before = (Screen.objects.count(), User.objects.count())
    with pytest.raises(CommandError, match=r"(?s)Tên .*\n.*[Nn]ame"):
        call_command(*order)
    assert (Screen.objects.count(), User.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/bang/moi", {"unit": "25357", "name": REVERSED, "place": "", **BOARD}),
        ("/bang/moi", {"unit": "25357", "name": "Chợ", "place": REVERSED, **BOARD}),
        ("/nguoi-dung", {"username": "moi", "full_name": REVERSED, "unit": "25357", "role": "writer"}),
    ],
    ids=["screen", "place", "person"],
)
def test_the_forms_say_it_beside_the_field(
    path: str, sent: dict[str, Any], commune: Any, as_user: Callable[[User], Client]
) -> None:
    before = (Screen.objects.count(), User.objects.count())
    answer = as_user(commune.admin).post(path, sent)
    assert answer.status_code == 422
    assert "Tên có ký tự điều khiển" in answer.content.decode()
    assert (Screen.objects.count(), User.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("sent", [{"name": REVERSED}, {"what": "group", "name": REVERSED}, {"name": " "}])
def test_the_page_of_a_unit_adds_no_such_place(
    sent: dict[str, str], commune: Any, as_user: Callable[[User], Client]
) -> None:
    before = Unit.objects.count()
    answer = as_user(commune.admin).post("/don-vi/25357/them", sent, follow=True)
    assert re.search(r'class="note bad error" role="status"><p>(Tên có ký tự|Hãy ghi tên)', answer.content.decode())
    assert Unit.objects.count() == before
