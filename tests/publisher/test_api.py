"""The HTTP API: the same verbs, a person's own rights, errors in two languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from publisher.accounts import people
from publisher.accounts.models import User
from publisher.bulletins.models import Bulletin

pytestmark = pytest.mark.django_db

Call = Callable[..., Any]


@pytest.fixture
def call() -> Call:
    """Ask the API as somebody: (user, method, path, body) -> response."""
    tokens: dict[int, str] = {}

    def ask(user: User, method: str, path: str, body: object = None) -> Any:
        token = tokens.setdefault(user.pk, people.new_token(user, "test"))
        return Client().generic(
            method, f"/api/v1{path}", json.dumps(body) if body is not None else "",
            content_type="application/json", headers={"authorization": f"Bearer {token}"},
        )  # fmt: skip

    return ask


def notice(commune: Any, **changed: object) -> dict[str, object]:
    return {"unit": commune.unit.code, "texts": [{"body": "Họp dân ấp 3 lúc 19h."}]} | changed


def test_a_bulletin_goes_on_air_by_two_people(commune: Any, call: Call) -> None:
    made = call(commune.writer, "POST", "/bulletins", notice(commune))
    assert made.status_code == 201
    uid = made.json()["uid"]
    assert call(commune.writer, "POST", f"/bulletins/{uid}/submit").json()["status"] == "submitted"
    done = call(commune.approver, "POST", f"/bulletins/{uid}/approve").json()
    assert (done["status"], done["approver"]) == ("on_air", "duyet")
    assert call(commune.writer, "GET", f"/bulletins/{uid}").json()["delivery"]["screens"] == 0


def test_a_program_that_says_which_revision_it_showed_approves_no_other(commune: Any, call: Call) -> None:
    uid = call(commune.writer, "POST", "/bulletins", notice(commune)).json()["uid"]
    seen = call(commune.writer, "POST", f"/bulletins/{uid}/submit").json()["revision"]
    call(commune.writer, "POST", f"/bulletins/{uid}/recall")
    now_there = call(commune.writer, "POST", f"/bulletins/{uid}/submit").json()["revision"]
    refused = call(commune.approver, "POST", f"/bulletins/{uid}/approve", {"revision": seen})
    assert (refused.status_code, refused.json()["code"]) == (409, "changed")
    done = call(commune.approver, "POST", f"/bulletins/{uid}/approve", {"revision": now_there}).json()
    assert done["status"] == "on_air"


def test_the_writer_cannot_approve_and_is_told_in_both_languages(commune: Any, call: Call) -> None:
    uid = call(commune.approver, "POST", "/bulletins", notice(commune)).json()["uid"]
    call(commune.approver, "POST", f"/bulletins/{uid}/submit")
    refused = call(commune.approver, "POST", f"/bulletins/{uid}/approve")
    assert refused.status_code == 409
    told = refused.json()
    assert told["code"] == "same-person"
    assert told["message"] == "Người soạn không được tự duyệt tin của mình."
    assert told["message_en"].isascii()


def test_without_a_token_nothing_is_said() -> None:
    refused = Client().get("/api/v1/screens")
    assert (refused.status_code, refused.json()["code"]) == (401, "token")
    assert Client().get("/api/v1/screens", headers={"authorization": "Bearer bt_x"}).status_code == 401


def test_a_token_of_a_blocked_person_is_worth_nothing(commune: Any, call: Call) -> None:
    assert call(commune.writer, "GET", "/screens").status_code == 200
    commune.writer.is_active = False
    commune.writer.save()
    assert call(commune.writer, "GET", "/screens").status_code == 401


def test_another_commune_sees_neither_bulletin_nor_screens(commune: Any, call: Call) -> None:
    uid = call(commune.writer, "POST", "/bulletins", notice(commune)).json()["uid"]
    assert call(commune.stranger, "GET", f"/bulletins/{uid}").status_code == 404
    assert call(commune.stranger, "GET", "/screens").json() == []
    assert {screen["id"] for screen in call(commune.writer, "GET", "/screens").json()} == {
        commune.hdmi.id, commune.led.id,
    }  # fmt: skip


def test_an_emergency_is_published_and_ended_by_one_holder_of_the_right(commune: Any, call: Call) -> None:
    ends = (timezone.now() + timedelta(hours=1)).isoformat()
    body = notice(commune, priority="emergency", level=3, ends=ends)
    assert call(commune.writer, "POST", "/bulletins", body).status_code == 403
    uid = call(commune.approver, "POST", "/bulletins", body).json()["uid"]
    assert call(commune.approver, "POST", f"/bulletins/{uid}/publish").json()["status"] == "on_air"
    assert call(commune.approver, "POST", f"/bulletins/{uid}/end", {"note": "nước rút"}).json()["status"] == "ended"


def test_an_emergency_too_long_for_one_envelope_is_refused_when_it_is_written(commune: Any, call: Call) -> None:
    body = notice(commune, priority="emergency", texts=[{"body": "Nước lên nhanh. " * 400}])
    refused = call(commune.approver, "POST", "/bulletins", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "too-long")
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [("", "empty"), ("x" * 200_000, "too-long"), ("abc\u202edef", "controls"), ("\U00012345", "uncovered")],
)
def test_bad_text_is_refused_with_its_reason_and_nothing_is_kept(
    body: str, code: str, commune: Any, call: Call
) -> None:
    refused = call(commune.writer, "POST", "/bulletins", notice(commune, texts=[{"body": body}]))
    assert refused.status_code == 422
    assert refused.json()["code"] == code
    assert refused.json()["message"] != refused.json()["message_en"]
    assert refused.json()["details"] != refused.json()["details_en"]
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"texts": [{"body": "Họp", "lang": "tiếng việt"}]}, "tiếng việt"),
        ({"texts": [{"body": "Họp"}, {"body": "Họp"}]}, "'vi'"),
        ({"texts": [{"body": "Họp", "spoken": "đọc\u202e"}]}, "U+202E"),
        ({"dayparts": [{"start_min": 0, "end_min": 60, "weekdays": [9]}]}, "weekdays"),
        ({"picture": "0" * 64}, "picture"),
        ({"rank": 10**30}, "rank"),
        ({"starts": "2026-12-01T00:00:00"}, "starts"),  # of which zone?
        ({"prioritiy": "priority"}, "prioritiy"),
    ],
    ids=["language", "twice", "spoken", "weekday", "picture", "rank", "naive", "unknown"],
)
def test_nothing_that_screens_would_refuse_comes_in(
    changed: dict[str, object], named: str, commune: Any, call: Call
) -> None:
    """One such bulletin on air would make them refuse the whole playlist, and every later one with it."""
    refused = call(commune.writer, "POST", "/bulletins", notice(commune, **changed))
    assert refused.status_code == 422
    assert named in "".join([refused.json()["message_en"], *refused.json()["details_en"]])
    assert not Bulletin.objects.exists()


def test_what_is_not_there_is_said_in_both_languages(commune: Any, call: Call) -> None:
    for answer in (
        call(commune.writer, "GET", "/bulletins/nope"),
        call(commune.writer, "POST", "/bulletins", notice(commune, unit="99999")),
    ):
        assert answer.status_code == 404
        assert (answer.json()["code"], answer.json()["message_en"].isascii()) == ("not-found", True)
        assert answer.json()["message"].startswith("Không có")


def test_unknown_values_are_named(commune: Any, call: Call) -> None:
    refused = call(commune.writer, "POST", "/bulletins", notice(commune, priority="urgent", level=9))
    assert refused.status_code == 422
    assert "priority" in "".join(refused.json()["details"])
    assert "level" in "".join(refused.json()["details"])


def test_the_api_describes_itself() -> None:
    described = Client().get("/api/v1/openapi.json").json()
    assert "/api/v1/bulletins/{uid}/{verb}" in described["paths"]
    assert described["components"]["securitySchemes"]
