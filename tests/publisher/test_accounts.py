"""Who may do what, and the secrets of people: never a default one, never one kept in the clear."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from publisher.accounts import backend, broker_access, people, rights
from publisher.accounts.models import ApiToken, BrokerAccess, LoginFailure, Membership, Role, User
from publisher.broadcast.access import accounts
from publisher.broadcast.link import BrokerAddress
from publisher.broadcast.models import Task
from publisher.home import Home

pytestmark = pytest.mark.django_db

PASSWORD = "mot-cau-rat-kho-doan"
AsUser = Callable[[User], Client]


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (Role.WRITER, {"write", "submit", "withdraw", "view"}, {"approve", "publish", "operate", "govern", "stop"}),
        (Role.APPROVER, {"write", "approve", "return", "countersign", "stop"}, {"publish", "end", "operate", "govern"}),
        (Role.TECHNICIAN, {"operate", "stop", "broker", "view"}, {"write", "approve", "publish", "govern"}),
        (Role.ADMIN, {"govern", "operate", "stop", "view"}, {"write", "approve", "publish", "broker"}),
        (Role.VIEWER, {"view"}, {"write", "approve", "publish", "stop", "operate", "govern", "broker"}),
    ],
)
def test_each_role_has_its_verbs(role: str, may: set[str], may_not: set[str], commune: Any) -> None:
    user = User.objects.create_user("ai-do")
    Membership.objects.create(user=user, unit=commune.unit, role=role)
    assert {verb for verb in may if rights.can(user, verb, "25357")} == may
    assert not {verb for verb in may_not if rights.can(user, verb, "25357")}


def test_a_role_holds_below_its_unit_and_nowhere_else(commune: Any) -> None:
    assert rights.can(commune.technician, "operate", "25357")
    assert not rights.can(commune.writer, "write", "75")
    assert not rights.can(commune.stranger, "approve", "25357")
    assert rights.units_where(commune.technician, "operate") == {"75", "25357", "25345"}
    assert rights.units_where(commune.writer, "write") == {"25357"}


def test_the_emergency_right_is_a_mark_beside_any_role(commune: Any) -> None:
    assert not rights.can(commune.writer, "publish", "25357")
    commune.writer.memberships.update(emergency=True)
    assert rights.can(commune.writer, "publish", "25357")
    assert rights.can(commune.writer, "end", "25357")
    assert not rights.can(commune.writer, "approve", "25357")


def test_a_blocked_person_may_nothing(commune: Any) -> None:
    commune.approver.is_active = False
    assert not rights.can(commune.approver, "view", "25357")
    assert rights.units_where(commune.approver, "view") == set()
    assert not rights.has_anywhere(commune.approver, "view")


def test_an_unknown_verb_is_a_mistake_of_ours(commune: Any) -> None:
    with pytest.raises(KeyError):
        rights.can(commune.admin, "fly", "25357")


# --- passwords


def test_adduser_prints_the_password_once_and_it_must_be_changed(commune: Any) -> None:
    out = StringIO()
    call_command("adduser", "moi", "--unit", "25357", "--role", "writer", stdout=out)
    username, password = out.getvalue().split()
    user = User.objects.get(username=username)
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    assert user.check_password(password)
    assert password not in user.password
    assert user.must_change_password


def test_adduser_refuses_a_taken_name_and_an_unknown_unit(commune: Any) -> None:
    with pytest.raises(CommandError, match="no unit '1'"):
        call_command("adduser", "moi", "--unit", "1", "--role", "writer")
    with pytest.raises(CommandError, match="'soan' is taken"):
        call_command("adduser", "soan", "--unit", "25357", "--role", "writer")


def test_two_generated_passwords_differ() -> None:
    assert len({people.generated_password() for _ in range(50)}) == 50


def test_a_generated_password_opens_only_the_page_that_changes_it(commune: Any) -> None:
    user, password = people.add_person("moi", "Người Mới", commune.unit, Role.WRITER)
    client = Client()
    assert client.post("/dang-nhap", {"username": "moi", "password": password}).status_code == 302
    for path in ("/", "/soan-tin", "/bang", "/tai-khoan"):
        assert client.get(path).headers["Location"] == "/mat-khau"
    weak = client.post("/mat-khau", {"old": password, "new": "12345678901"})
    assert weak.status_code == 400
    assert client.post("/mat-khau", {"old": password, "new": "sông Bé mùa nước nổi"}).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    user.refresh_from_db()
    assert not user.must_change_password


def test_the_same_password_again_is_no_change(commune: Any, as_user: AsUser) -> None:
    answer = as_user(commune.writer).post("/mat-khau", {"old": PASSWORD, "new": PASSWORD})
    assert answer.status_code == 400
    assert "phải khác" in answer.content.decode()


# --- log-in


def test_guessing_is_stopped_even_for_the_right_password(commune: Any) -> None:
    client = Client()
    for _ in range(backend.NAME_LIMIT):
        client.post("/dang-nhap", {"username": "soan", "password": "sai"})
    refused = client.post("/dang-nhap", {"username": "soan", "password": PASSWORD})
    assert refused.status_code == 200
    assert "Sai quá nhiều lần" in refused.content.decode()
    LoginFailure.objects.update(at=timezone.now() - backend.WINDOW - timedelta(seconds=1))
    assert client.post("/dang-nhap", {"username": "soan", "password": PASSWORD}).status_code == 302


def test_other_people_log_in_while_one_name_is_guessed(commune: Any) -> None:
    for _ in range(backend.NAME_LIMIT + 1):
        Client().post("/dang-nhap", {"username": "soan", "password": "sai"})
    assert Client().post("/dang-nhap", {"username": "duyet", "password": PASSWORD}).status_code == 302


def test_one_address_cannot_try_many_names(commune: Any) -> None:
    for n in range(backend.ADDRESS_LIMIT):
        Client().post("/dang-nhap", {"username": f"ten{n}", "password": "sai"})
    assert Client().post("/dang-nhap", {"username": "soan", "password": PASSWORD}).status_code == 200
    away = Client(REMOTE_ADDR="192.0.2.7")
    assert away.post("/dang-nhap", {"username": "soan", "password": PASSWORD}).status_code == 302


def test_a_right_password_forgets_the_wrong_ones(commune: Any) -> None:
    Client().post("/dang-nhap", {"username": "soan", "password": "sai"})
    Client().post("/dang-nhap", {"username": "soan", "password": PASSWORD})
    assert not LoginFailure.objects.filter(name="soan").exists()


def test_every_page_asks_a_stranger_to_log_in() -> None:
    for path in ("/", "/soan-tin", "/tin", "/bang", "/khan-cap", "/nhat-ky", "/nguoi-dung", "/don-vi", "/tep"):
        assert Client().get(path).headers["Location"].startswith("/dang-nhap")


# --- tokens and the broker


def test_a_token_is_kept_as_a_hash_and_works_until_revoked(commune: Any, as_user: AsUser) -> None:
    token = people.new_token(commune.writer, "phần mềm")
    assert not ApiToken.objects.filter(digest__contains=token[:8]).exists()
    assert people.bearer_of(token, timezone.now()) == commune.writer
    assert people.bearer_of(token + "x", timezone.now()) is None
    pk = ApiToken.objects.get().pk
    assert as_user(commune.approver).post(f"/tai-khoan/ma/{pk}/thu-hoi").status_code == 404
    assert as_user(commune.writer).post(f"/tai-khoan/ma/{pk}/thu-hoi").status_code == 302
    assert people.bearer_of(token, timezone.now()) is None


def test_a_token_does_not_work_before_the_first_password_is_changed(commune: Any) -> None:
    token = people.new_token(commune.writer, "x")
    people.reset_password(commune.writer)
    assert people.bearer_of(token, timezone.now()) is None


def test_a_technician_gets_a_broker_credential_shown_once(commune: Any, as_user: AsUser) -> None:
    shown = as_user(commune.technician).post("/tai-khoan", {"broker": "1"}).content.decode()
    access = BrokerAccess.objects.get(user=commune.technician)
    assert access.username in shown
    assert access.password_hash.startswith("$7$")
    assert Task.objects.filter(kind="access").count() == 1
    again, _password = broker_access.renew(commune.technician)
    assert (again.username, again.password_hash != access.password_hash) == (access.username, True)


def test_beside_the_credential_stands_where_the_broker_is(commune: Any, home: Home, as_user: AsUser) -> None:
    assert "mosquitto_sub" not in as_user(commune.technician).post("/tai-khoan", {"broker": "1"}).content.decode()
    home.run.mkdir()
    BrokerAddress("127.0.0.1", 41883, "publisher", "its-own-password").save(home.run)
    page = as_user(commune.technician).post("/tai-khoan", {"broker": "1"}).content.decode()
    assert "mosquitto_sub -h 127.0.0.1 -p 41883 -u t-" in page
    assert "its-own-password" not in page


def test_a_writer_gets_none(commune: Any, as_user: AsUser) -> None:
    as_user(commune.writer).post("/tai-khoan", {"broker": "1"})
    assert not BrokerAccess.objects.exists()


# --- the administrator's pages


def test_an_administrator_adds_a_person_and_sees_the_password_once(commune: Any, as_user: AsUser) -> None:
    admin = as_user(commune.admin)
    form = {"username": "lan.nguyen", "full_name": "Nguyễn Thị Lan", "unit": "25357", "role": "writer"}
    page = admin.post("/nguoi-dung", form).content.decode()
    user = User.objects.get(username="lan.nguyen")
    found = re.search(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", page)
    assert found
    assert user.check_password(found.group())
    assert found.group() not in admin.get("/nguoi-dung").content.decode()


def test_an_administrator_governs_own_units_only(commune: Any, as_user: AsUser) -> None:
    commune.admin.memberships.update(unit=commune.other)
    form = {"username": "x1", "full_name": "X", "unit": "25357", "role": "admin"}
    assert as_user(commune.admin).post("/nguoi-dung", form).status_code == 422
    assert as_user(commune.admin).get(f"/nguoi-dung/{commune.writer.pk}").status_code == 404
    assert as_user(commune.writer).get("/nguoi-dung").status_code == 403


def test_an_administrator_cannot_give_a_password_to_somebody_of_another_unit_too(commune: Any, as_user: AsUser) -> None:
    commune.admin.memberships.update(unit=commune.unit)
    Membership.objects.create(user=commune.writer, unit=commune.other, role=Role.WRITER)
    assert as_user(commune.admin).post(f"/nguoi-dung/{commune.writer.pk}", {"reset": "1"}).status_code == 403
    commune.writer.refresh_from_db()
    assert commune.writer.check_password(PASSWORD)


def test_blocking_somebody_takes_the_broker_credential_too(commune: Any, as_user: AsUser) -> None:
    broker_access.renew(commune.technician)
    as_user(commune.admin).post(f"/nguoi-dung/{commune.technician.pk}", {"active": "no"})
    commune.technician.refresh_from_db()
    assert not commune.technician.is_active
    assert not BrokerAccess.objects.exists()


def test_the_broker_hears_of_every_change_of_a_technicians_roles(
    commune: Any, as_user: Callable[[User], Client]
) -> None:
    access, _password = broker_access.renew(commune.technician)
    hdmi_up = f"bangtin/v1/screen/{commune.hdmi.id}/up/#"

    def reads() -> tuple[str, ...]:
        """What the broker lets the technician read, by the files it was last told to read again."""
        assert Task.objects.filter(kind="access", target=access.username).exists()
        Task.objects.all().delete()
        return next(account.reads for account in accounts() if account.username == access.username)

    assert hdmi_up in reads()
    admin, page = as_user(commune.admin), f"/nguoi-dung/{commune.technician.pk}"
    admin.post(page, {"remove": commune.technician.memberships.get().pk})
    assert reads() == ()
    people.give_role(commune.technician, commune.unit, Role.TECHNICIAN, emergency=False)
    assert hdmi_up in reads()
    people.give_role(commune.writer, commune.unit, Role.TECHNICIAN, emergency=False)
    assert not Task.objects.exists()  # who has no access of their own needs no word to the broker
