"""The claim, over HTTP as a screen does it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from player import claimcode, seal, wire
from player.enrolment import ClaimAnswer, ClaimRequest, KeySet
from publisher.broadcast.models import Task
from publisher.screens import attempts, claims
from publisher.screens.models import Claim, Screen

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)
DEVICE, OTHER = "device-number-one", "device-number-two"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("running")]


@pytest.fixture
def code(place: Any, signer: Any) -> str:
    return claims.create_code(place.screen, place.user, signer.root_public, NOON)


def ask(code: str, device: str = DEVICE, **extra: Any) -> Any:
    request = ClaimRequest(secret=claimcode.parse(code).secret, device=device, **extra)
    return Client().post("/device/v1/claim", wire.encode(request), content_type="application/json")


def answer_of(response: Any) -> ClaimAnswer:
    assert response.status_code == 200, response.content
    return wire.decode(response.content, ClaimAnswer)


def test_a_screen_gets_all_it_needs_for_life(code: str, place: Any, now: Any) -> None:
    response = ask(code, width_px=192, height_px=96)
    answer = answer_of(response)
    assert response["Cache-Control"] == "no-store"
    assert (answer.screen, answer.unit.name) == ("s-test0001", "Xã Lộc Thạnh")
    assert answer.groups == ("25450", "75", "s-test0001")
    assert (answer.mqtt.host, answer.mqtt.port, answer.mqtt.username) == ("127.0.0.1", 1883, "s-test0001")
    assert claimcode.parse(code).vouches_for(answer.root)
    wire.decode(seal.unseal("keys", answer.keys.encode(), (answer.root,)), KeySet)
    screen = Screen.objects.get()
    assert screen.token_digest == hashlib.sha256(answer.token.encode()).hexdigest()
    assert screen.password_hash.startswith("$7$")
    assert answer.mqtt.password not in screen.password_hash
    assert (screen.width_px, screen.height_px, screen.claimed) == (192, 96, NOON)
    assert {task.kind for task in Task.objects.all()} == {"access", "keys", "desired"}


def test_neither_code_nor_secret_is_kept(code: str) -> None:
    secret = claimcode.parse(code).secret
    kept = Claim.objects.get()
    assert kept.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(vars(kept))


def test_a_code_is_good_for_one_device(code: str, now: Any) -> None:
    answer_of(ask(code))
    assert ask(code, OTHER).status_code == 403


def test_the_same_device_may_ask_again_until_it_was_heard_of(code: str, now: Any) -> None:
    """Its answer may have been lost on the way; the new one voids the first."""
    first, second = answer_of(ask(code)), answer_of(ask(code))
    assert first.token != second.token
    assert Client().get("/content/" + "0" * 64, headers=bearer(first)).status_code == 401
    assert Client().get("/content/" + "0" * 64, headers=bearer(second)).status_code == 404
    Screen.objects.update(seen=NOON)
    assert ask(code).status_code == 403


def bearer(answer: ClaimAnswer) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.token}"}


@pytest.mark.parametrize(("hours", "status"), [(23.9, 200), (24, 403), (1000, 403)])
def test_a_code_lives_a_day(code: str, now: Any, hours: float, status: int) -> None:
    now[0] = NOON + timedelta(hours=hours)
    assert ask(code).status_code == status


def test_a_new_code_voids_the_one_before(code: str, place: Any, signer: Any, now: Any) -> None:
    newer = claims.create_code(place.screen, place.user, signer.root_public, NOON)
    assert ask(code).status_code == 403
    answer_of(ask(newer))


def test_the_refusal_is_the_same_for_every_reason(code: str, place: Any, signer: Any, now: Any) -> None:
    answer_of(ask(code))
    unknown = claimcode.compose(b"0123456789", signer.root_public)
    used, guessed = ask(code, OTHER), ask(unknown, OTHER)
    assert used.content == guessed.content
    assert "quá 24 giờ" in used.json()["message"]
    assert "claim code is wrong" in used.json()["message"]


def test_guessing_becomes_impossible_for_an_address_but_not_for_others(code: str, signer: Any, now: Any) -> None:
    wrong = claimcode.compose(b"0123456789", signer.root_public)
    statuses = [ask(wrong).status_code for _ in range(attempts.ADDRESS_LIMIT + 1)]
    assert statuses == [403] * attempts.ADDRESS_LIMIT + [429]
    assert ask(code).status_code == 429
    assert attempts.allowed("192.0.2.7")


def test_guessing_from_many_addresses_is_stopped_too(code: str) -> None:
    for number in range(attempts.TOTAL_LIMIT):
        attempts.note_failure(f"192.0.2.{number}")
    assert not attempts.allowed("198.51.100.1")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"secret":"x","device":"y"}', b'{"secret":1}', b"\xff" * 10, b"x" * 10_000]
)
def test_a_malformed_request_is_told_so(place: Any, body: bytes) -> None:
    response = Client().post("/device/v1/claim", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"] == "malformed"


def test_before_the_broker_is_known_nothing_is_used_up(code: str, home: Any, now: Any) -> None:
    (home.run / "broker.json").unlink()
    assert ask(code).status_code == 503
    assert Claim.objects.get().used is None


def test_a_revoked_screen_has_no_access_until_it_is_claimed_anew(code: str, place: Any, signer: Any, now: Any) -> None:
    answer = answer_of(ask(code))
    Task.objects.all().delete()
    claims.revoke(Screen.objects.get(), NOON)
    assert Client().get("/content/" + "0" * 64, headers=bearer(answer)).status_code == 401
    assert ask(code).status_code == 403
    assert [(task.kind, task.target) for task in Task.objects.all()] == [("access", "s-test0001")]
    again = claims.create_code(place.screen, place.user, signer.root_public, NOON)
    answer_of(ask(again, OTHER))
    assert Screen.objects.get().revoked is None


def test_ids_are_fit_for_topics_and_do_not_repeat() -> None:
    ids = {claims.new_screen_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(len(each) == 12 and each.startswith("s-") and each[2:].isalnum() for each in ids)
