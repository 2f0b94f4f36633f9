"""Every rule of trust, attacked."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent import trust
from agent.trust import Floor, Instant, Refusal
from player import seal, wire
from player.model import Verb
from tests.agent.signer import SCREEN, Signer

STRANGER = Ed25519PrivateKey.generate()


def reason(judge: Any, *args: Any, **named: Any) -> tuple[str, bool]:
    with pytest.raises(Refusal) as caught:
        judge(*args, **named)
    return caught.value.reason, caught.value.alarm


# --- a pointer ------------------------------------------------------------------------------------------------------


def test_a_pointer_signed_for_this_screen_is_believed(signer: Signer, instant: Instant) -> None:
    pointer = signer.pointer(signer.playlist())
    assert trust.pointer(signer.seal(pointer), signer.ring(), SCREEN, None, instant) == pointer


def test_a_foreign_signature_is_refused_as_foul_play(signer: Signer, instant: Instant) -> None:
    envelope = signer.seal(signer.pointer(signer.playlist()), by=STRANGER)
    assert reason(trust.pointer, envelope, signer.ring(), SCREEN, None, instant) == ("signature", True)


def test_the_root_key_signs_no_content(signer: Signer, instant: Instant) -> None:
    envelope = signer.seal(signer.pointer(signer.playlist()), by=signer.root)
    assert reason(trust.pointer, envelope, signer.ring(), SCREEN, None, instant) == ("signature", True)


def test_a_key_signs_only_the_kinds_it_was_given(signer: Signer, instant: Instant) -> None:
    keys = signer.keys()
    only_alerts = type(keys.keys[0])(keys.keys[0].public, ("alert",))
    ring = trust.KeyRing(signer.root_hex, type(keys)(1, 1, keys.issued, keys.expires, (only_alerts,)))
    pointer = signer.seal(signer.pointer(signer.playlist()))
    assert reason(trust.pointer, pointer, ring, SCREEN, None, instant) == ("signature", True)
    topic = ("25357", "bao-so-3")
    assert trust.alert(signer.seal(signer.alert()), ring, topic, ["25357"], floor=None, now=instant)


def test_a_key_set_cannot_let_a_signing_key_sign_key_sets(signer: Signer, instant: Instant) -> None:
    envelope = signer.key_envelope(by=signer.key)
    assert reason(trust.keys, envelope, signer.root_hex, None, instant) == ("signature", True)


def test_an_envelope_of_another_kind_is_refused(signer: Signer, instant: Instant) -> None:
    envelope = signer.seal(signer.pointer(signer.playlist()), kind="command")
    assert reason(trust.pointer, envelope, signer.ring(), SCREEN, None, instant) == ("kind", False)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}", b"[" * 3000])
def test_what_is_no_envelope_is_refused(signer: Signer, instant: Instant, data: bytes) -> None:
    assert reason(trust.pointer, data, signer.ring(), SCREEN, None, instant) == ("malformed", False)


def test_an_oversized_envelope_is_not_even_parsed(signer: Signer, instant: Instant) -> None:
    data = signer.seal(signer.pointer(signer.playlist())) + b" " * wire.ENVELOPE_LIMIT_B
    assert reason(trust.pointer, data, signer.ring(), SCREEN, None, instant) == ("size", False)


def test_a_changed_byte_breaks_the_signature(signer: Signer, instant: Instant) -> None:
    envelope = json.loads(signer.seal(signer.pointer(signer.playlist())))
    other = json.loads(signer.seal(signer.pointer(signer.playlist())))
    envelope["payload"] = other["payload"]
    data = json.dumps(envelope).encode()
    assert reason(trust.pointer, data, signer.ring(), SCREEN, None, instant) == ("signature", True)


def test_another_screens_pointer_is_refused(signer: Signer, instant: Instant) -> None:
    envelope = signer.seal(signer.pointer(signer.playlist(screen="s-other1")))
    assert reason(trust.pointer, envelope, signer.ring(), SCREEN, None, instant) == ("target", True)


def test_an_older_seq_is_refused(signer: Signer, instant: Instant) -> None:
    pointer = signer.pointer(signer.playlist())
    floor = Floor(pointer.seq + 1, "0" * 64)
    assert reason(trust.pointer, signer.seal(pointer), signer.ring(), SCREEN, floor, instant) == ("seq", False)


def test_the_same_pointer_again_changes_nothing(signer: Signer, instant: Instant) -> None:
    pointer = signer.pointer(signer.playlist())
    floor = Floor(pointer.seq, pointer.sha256)
    assert trust.pointer(signer.seal(pointer), signer.ring(), SCREEN, floor, instant) is None


def test_the_same_playlist_may_move_to_another_address(signer: Signer, instant: Instant) -> None:
    playlist = signer.playlist()
    moved = signer.pointer(playlist, url="https://new.example/content/x")
    floor = Floor(playlist.seq, moved.sha256)
    assert trust.pointer(signer.seal(moved), signer.ring(), SCREEN, floor, instant) is None


def test_two_contents_under_one_seq_are_an_alarm(signer: Signer, instant: Instant) -> None:
    pointer = signer.pointer(signer.playlist())
    floor = Floor(pointer.seq, "0" * 64)
    assert reason(trust.pointer, signer.seal(pointer), signer.ring(), SCREEN, floor, instant) == ("seq", True)


def test_an_expired_pointer_is_refused(signer: Signer, instant: Instant) -> None:
    envelope = signer.seal(signer.pointer(signer.playlist(expires=signer.now)))
    assert reason(trust.pointer, envelope, signer.ring(), SCREEN, None, instant) == ("expired", False)


def test_an_object_from_the_future_is_refused_by_a_trusted_clock_only(signer: Signer, instant: Instant) -> None:
    later = signer.now + timedelta(days=30)
    envelope = signer.seal(signer.pointer(signer.playlist(issued=later, expires=later + timedelta(days=1))))
    assert reason(trust.pointer, envelope, signer.ring(), SCREEN, None, instant) == ("future", False)
    assert trust.pointer(envelope, signer.ring(), SCREEN, None, Instant(signer.now, trusted=False))


def test_an_unknown_schema_version_is_refused(signer: Signer, instant: Instant) -> None:
    envelope = signer.seal(signer.pointer(signer.playlist(), schema=2))
    assert reason(trust.pointer, envelope, signer.ring(), SCREEN, None, instant) == ("schema", False)


def test_an_unknown_field_is_refused(signer: Signer, instant: Instant) -> None:
    raw = json.loads(wire.encode(signer.pointer(signer.playlist()))) | {"force": True}
    envelope = seal.seal("desired", json.dumps(raw).encode(), signer.key)
    assert reason(trust.pointer, envelope, signer.ring(), SCREEN, None, instant) == ("schema", False)


@pytest.mark.parametrize("field", ["screen", "seq", "sha256", "size", "url", "issued", "expires"])
def test_a_missing_field_is_refused(signer: Signer, instant: Instant, field: str) -> None:
    raw = json.loads(wire.encode(signer.pointer(signer.playlist())))
    del raw[field]
    envelope = seal.seal("desired", json.dumps(raw).encode(), signer.key)
    assert reason(trust.pointer, envelope, signer.ring(), SCREEN, None, instant) == ("schema", False)


# --- a body ---------------------------------------------------------------------------------------------------------


def test_the_announced_body_is_believed(signer: Signer) -> None:
    playlist = signer.playlist(signer.item())
    assert trust.playlist(signer.pointer(playlist), wire.encode(playlist)) == playlist


def test_a_body_of_another_size_is_refused(signer: Signer) -> None:
    playlist = signer.playlist(signer.item())
    assert reason(trust.playlist, signer.pointer(playlist), wire.encode(playlist) + b" ") == ("size", False)


def test_a_body_with_another_hash_is_refused(signer: Signer) -> None:
    playlist = signer.playlist(signer.item())
    body = bytearray(wire.encode(playlist))
    body[-2] ^= 1
    assert reason(trust.playlist, signer.pointer(playlist), bytes(body)) == ("hash", False)


@pytest.mark.parametrize(
    "change", [{"screen": "s-other1"}, {"seq": 5}, {"expires": "later"}, {"issued": "later"}], ids=str
)
def test_a_body_that_contradicts_its_pointer_is_refused(signer: Signer, change: dict[str, Any]) -> None:
    change = {name: signer.now + timedelta(days=9) if value == "later" else value for name, value in change.items()}
    announced, other = signer.playlist(), signer.playlist(**change)
    body = wire.encode(other)
    pointer = signer.pointer(announced, body, seq=other.seq if "seq" not in change else announced.seq)
    assert reason(trust.playlist, pointer, body) == ("target", True)


@pytest.mark.parametrize("body", [b"{}", b"", b"[]", b'{"schema":1}', b"\x00" * 10])
def test_a_body_that_is_no_playlist_is_refused(signer: Signer, body: bytes) -> None:
    assert reason(trust.playlist, signer.pointer(signer.playlist(), body), body) == ("schema", False)


def test_a_body_with_an_unknown_field_is_refused(signer: Signer) -> None:
    playlist = signer.playlist()
    body = json.dumps(json.loads(wire.encode(playlist)) | {"shell": "rm"}).encode()
    assert reason(trust.playlist, signer.pointer(playlist, body), body) == ("schema", False)


# --- an alert -------------------------------------------------------------------------------------------------------

TOPIC = ("25357", "bao-so-3")


def judge_alert(signer: Signer, instant: Instant, topic: tuple[str, str] = TOPIC, **changes: Any) -> Any:
    floor = changes.pop("floor", None)
    envelope = signer.seal(signer.alert(**changes), by=changes.pop("by", None))
    return trust.alert(envelope, signer.ring(), topic, ["25357", "free"], floor=floor, now=instant)


def test_an_alert_of_a_group_is_believed(signer: Signer, instant: Instant) -> None:
    assert judge_alert(signer, instant).value.id == "bao-so-3"


@pytest.mark.parametrize("topic", [("free", "bao-so-3"), ("25357", "other")])
def test_an_alert_under_another_topic_is_refused(signer: Signer, instant: Instant, topic: tuple[str, str]) -> None:
    assert reason(judge_alert, signer, instant, topic) == ("target", True)


def test_an_alert_of_a_group_that_this_screen_is_not_in_is_refused(signer: Signer, instant: Instant) -> None:
    assert reason(judge_alert, signer, instant, ("99", "bao-so-3"), group="99") == ("target", False)


def test_an_expired_alert_is_refused(signer: Signer, instant: Instant) -> None:
    old = signer.now - timedelta(seconds=1)
    assert reason(judge_alert, signer, instant, expires=old) == ("expired", False)


def test_an_alert_cannot_come_back_after_its_end(signer: Signer, instant: Instant) -> None:
    assert reason(judge_alert, signer, instant, seq=5, floor=Floor(6, "0" * 64)) == ("seq", False)


def test_an_alert_without_a_text_is_only_an_end(signer: Signer, instant: Instant) -> None:
    assert reason(judge_alert, signer, instant, versions=()) == ("schema", False)
    assert judge_alert(signer, instant, versions=(), ended=True).value.ended


# --- commands and keys ----------------------------------------------------------------------------------------------


def test_a_command_is_obeyed_once(signer: Signer, instant: Instant) -> None:
    command = signer.command(Verb.STOP)
    found = trust.command(signer.seal(command), signer.ring(), SCREEN, None, instant)
    assert found is not None
    assert found.value == command
    floor = Floor(command.seq, found.sha256)
    assert trust.command(signer.seal(command), signer.ring(), SCREEN, floor, instant) is None


def test_another_screens_command_is_refused(signer: Signer, instant: Instant) -> None:
    envelope = signer.seal(signer.command(Verb.STOP, screen="s-other1"))
    assert reason(trust.command, envelope, signer.ring(), SCREEN, None, instant) == ("target", True)


def test_an_expired_command_is_refused(signer: Signer, instant: Instant) -> None:
    envelope = signer.seal(signer.command(Verb.STOP, expires=signer.now))
    assert reason(trust.command, envelope, signer.ring(), SCREEN, None, instant) == ("expired", False)


def test_a_verb_nobody_knows_is_refused(signer: Signer, instant: Instant) -> None:
    raw = json.loads(wire.encode(signer.command(Verb.STOP))) | {"verb": "shell"}
    envelope = seal.seal("command", json.dumps(raw).encode(), signer.key)
    assert reason(trust.command, envelope, signer.ring(), SCREEN, None, instant) == ("schema", False)


def test_after_a_rotation_the_retired_key_is_refused(signer: Signer, instant: Instant) -> None:
    fresh = Ed25519PrivateKey.generate()
    found = trust.keys(signer.key_envelope(signer.keys(fresh)), signer.root_hex, None, instant)
    assert found is not None
    ring = trust.KeyRing(signer.root_hex, found.value)
    pointer = signer.pointer(signer.playlist())
    assert trust.pointer(signer.seal(pointer, by=fresh), ring, SCREEN, None, instant) == pointer
    assert reason(trust.pointer, signer.seal(pointer), ring, SCREEN, None, instant) == ("signature", True)


def test_what_a_retired_key_signed_and_is_here_already_is_a_repetition(signer: Signer, instant: Instant) -> None:
    """A broker goes on repeating it until the publisher has signed anew; that is no foul play."""
    ring = trust.KeyRing(signer.root_hex, signer.keys(Ed25519PrivateKey.generate()), retired=signer.keys())
    pointer, alert = signer.pointer(signer.playlist()), signer.alert()
    here = Floor(pointer.seq, pointer.sha256)
    assert trust.pointer(signer.seal(pointer), ring, SCREEN, here, instant) is None
    topic, groups = (alert.group, alert.id), [alert.group]
    shown = Floor(alert.seq, trust.digest(wire.encode(alert)))
    assert trust.alert(signer.seal(alert), ring, topic, groups, floor=shown, now=instant) is None

    for floor in (None, Floor(pointer.seq - 1, pointer.sha256), Floor(pointer.seq, "0" * 64)):
        assert reason(trust.pointer, signer.seal(pointer), ring, SCREEN, floor, instant) == ("signature", True)
    for floor in (None, Floor(alert.seq - 1, shown.sha256), Floor(alert.seq, "0" * 64)):
        found = reason(trust.alert, signer.seal(alert), ring, topic, groups, floor=floor, now=instant)
        assert found == ("signature", True)
    assert reason(trust.pointer, signer.seal(pointer, by=STRANGER), ring, SCREEN, here, instant) == ("signature", True)


def test_an_older_key_set_is_refused(signer: Signer, instant: Instant) -> None:
    envelope = signer.key_envelope(signer.keys(seq=4))
    assert reason(trust.keys, envelope, signer.root_hex, Floor(5, "0" * 64), instant) == ("seq", False)


def test_an_expired_key_set_is_refused(signer: Signer, instant: Instant) -> None:
    envelope = signer.key_envelope(signer.keys(expires=signer.now))
    assert reason(trust.keys, envelope, signer.root_hex, None, instant) == ("expired", False)


def test_a_doubtful_clock_refuses_only_what_is_expired_for_certain(signer: Signer) -> None:
    """In 2036, unsynchronised, the floor is what counts; in 1970 too."""
    floor = Instant(signer.now - timedelta(days=1), trusted=False)
    envelope = signer.seal(signer.pointer(signer.playlist(expires=signer.now)))
    assert trust.pointer(envelope, signer.ring(), SCREEN, None, floor)
    long_gone = signer.seal(signer.pointer(signer.playlist(expires=signer.now - timedelta(days=2))))
    assert reason(trust.pointer, long_gone, signer.ring(), SCREEN, None, floor) == ("expired", False)
