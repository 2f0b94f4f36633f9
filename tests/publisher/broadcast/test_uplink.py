"""What screens report, however often and in whatever order it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import OperationalError

from player import wire
from player.model import (
    Applied,
    Clock,
    ClockQuality,
    Event,
    Health,
    Play,
    Plays,
    Refused,
    Reply,
    State,
    Value,
    Verb,
)
from publisher.broadcast import delivery, uplink
from publisher.broadcast.models import SentCommand
from publisher.broadcast.onair import Revision
from publisher.broadcast.uplink import Uplink
from publisher.screens import commands
from publisher.screens.models import Delivery, PlayRecord, Screen, ScreenEvent

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)

pytestmark = pytest.mark.django_db


@pytest.fixture
def screen(commune: Any) -> Screen:
    return commune.screen()  # type: ignore[no-any-return]


@pytest.fixture
def report(screen: Screen) -> Any:
    """Send one value up as this screen."""

    def send(leaf: str, value: Value, now: datetime = LATER) -> bool:
        return Uplink().take(wire.screen_up(screen.id, leaf), wire.encode(value), now)

    return send


def plays(*rows: Play, uuid: str = "u-1") -> Event:
    return Event(id=f"e{len(rows)}", at=NOON, plays=Plays(uuid, rows))


def test_a_screen_that_comes_and_goes(screen: Screen, report: Any) -> None:
    assert report("state", State(screen.id, online=True, seq=7, version="1.0"))
    row = Screen.objects.get()
    assert (row.online, row.applied_seq, row.seen, row.state["version"]) == (True, 7, LATER, "1.0")
    assert report("state", State(screen.id, online=False), now=LATER + timedelta(hours=1))
    row = Screen.objects.get()
    assert (row.online, row.applied_seq, row.seen) == (False, 7, LATER)  # a last will is no sign of life


def test_health_is_kept_as_it_came(screen: Screen, report: Any) -> None:
    health = Health(
        screen.id, NOON, "1.0", "boot", 12.5, 9, Clock(ClockQuality.FLOOR, NOON), board={"temp_c": 61}, alarms=("hot",)
    )
    assert report("health", health)
    row = Screen.objects.get()
    assert row.health["board"] == {"temp_c": 61}
    assert row.health["alarms"] == ["hot"]
    assert row.health_at == LATER


def test_a_play_counts_once_however_often_it_comes(screen: Screen, report: Any) -> None:
    shows = Play(1, "b1", 1, NOON)
    over = Play(1, "b1", 1, NOON, NOON + timedelta(seconds=12), "shown")
    for event in (plays(shows), plays(shows), plays(over), plays(over, Play(2, "b1", 1, LATER))):
        assert report("event", event)
    first, second = PlayRecord.objects.order_by("row")
    assert (first.outcome, first.ended) == ("shown", NOON + timedelta(seconds=12))
    assert (second.row, second.ended) == (2, None)


def test_a_late_copy_without_its_end_does_not_undo_the_end(screen: Screen, report: Any) -> None:
    over = Play(1, "b1", 1, NOON, LATER, "shown")
    report("event", plays(over))
    report("event", plays(Play(1, "b1", 1, NOON)))
    assert PlayRecord.objects.get().ended == LATER


def test_a_play_that_a_kill_cut_off_is_lost_without_an_end(screen: Screen, report: Any) -> None:
    report("event", plays(Play(id=1, item="b1", revision=1, started=NOON)))
    report("event", plays(Play(id=1, item="b1", revision=1, started=NOON, outcome="lost")))
    assert list(PlayRecord.objects.values_list("ended", "outcome")) == [(None, "lost")]


def test_another_database_of_the_same_screen_counts_from_one_again(screen: Screen, report: Any) -> None:
    report("event", plays(Play(1, "b1", 1, NOON), uuid="before-the-card-died"))
    report("event", plays(Play(1, "b1", 1, NOON), uuid="after"))
    assert PlayRecord.objects.count() == 2


def test_the_first_pixels_prove_the_delivery(commune: Any, screen: Screen, report: Any) -> None:
    bulletin = commune.bulletin()
    delivery.begin([(screen.id, 5, Revision(bulletin.pk, 1))])
    report("event", plays(Play(2, bulletin.uid, 1, LATER)), now=LATER)
    report("event", plays(Play(1, bulletin.uid, 1, NOON)), now=LATER + timedelta(minutes=1))
    row = Delivery.objects.get()
    assert (row.shown, row.proved) == (NOON, LATER)


def test_being_read_aloud_is_not_being_shown(commune: Any, screen: Screen, report: Any) -> None:
    bulletin = commune.bulletin()
    delivery.begin([(screen.id, 5, Revision(bulletin.pk, 1))])
    report("event", plays(Play(1, bulletin.uid, 1, NOON, kind="speech")))
    assert Delivery.objects.get().shown is None
    assert PlayRecord.objects.get().kind == "speech"


def test_an_accepted_playlist_brings_what_it_holds_and_takes_what_it_does_not(
    commune: Any, screen: Screen, report: Any
) -> None:
    held, dropped, newer = (commune.bulletin() for _ in range(3))
    delivery.note_playlists([(screen.id, 5, {Revision(held.pk, 1), Revision(dropped.pk, 1)})])
    delivery.note_playlists([(screen.id, 6, {Revision(held.pk, 1)})])
    delivery.note_playlists([(screen.id, 9, {Revision(held.pk, 1), Revision(newer.pk, 1)})])
    steps = [NOON + timedelta(milliseconds=number) for number in (1, 2, 3, 4)]
    report("event", Event(id="e1", at=NOON, applied=Applied("desired", screen.id, 6, *steps)))
    rows = {row.bulletin_id: row for row in Delivery.objects.all()}
    assert [rows[held.pk].trusted, rows[held.pk].prepared, rows[held.pk].committed] == steps[1:]
    assert (rows[held.pk].gone, rows[dropped.pk].gone) == (None, steps[3])
    assert rows[newer.pk].committed is None
    assert Screen.objects.get().applied_seq == 6


def test_an_accepted_alert_is_a_delivery_of_its_own(commune: Any, screen: Screen, report: Any) -> None:
    emergency = commune.bulletin(priority="emergency")
    delivery.begin([(screen.id, 5, Revision(emergency.pk, 1))])
    target = f"25450/{emergency.uid}"
    report("event", Event(id="e1", at=NOON, applied=Applied("alert", target, 5, NOON, NOON, NOON, LATER)))
    assert Delivery.objects.get().committed == LATER
    Delivery.objects.update(gone_seq=6)
    report("event", Event(id="e2", at=NOON, applied=Applied("alert", target, 6, NOON, NOON, NOON, LATER)))
    assert Delivery.objects.get().gone == LATER


def test_a_refusal_is_kept_once(screen: Screen, report: Any) -> None:
    event = Event(id="e1", at=NOON, refused=Refused("desired", "signature", "no key in force signed this"))
    assert report("event", event)
    assert report("event", event)
    row = ScreenEvent.objects.get()
    assert (row.kind, row.detail["reason"], row.at) == ("refused", "signature", NOON)


def test_an_answer_finds_its_command(screen: Screen, commune: Any, report: Any) -> None:
    other = commune.screen()
    for uid, owner in (("c1", screen), ("c2", other)):
        SentCommand.objects.create(uid=uid, screen=owner, verb="stop", expires=LATER)
    assert report("reply", Reply("c1", Verb.STOP, ok=True, detail="stopped"))
    assert report("reply", Reply("c1", Verb.STOP, ok=False, detail="twice"))
    assert report("reply", Reply("c2", Verb.STOP, ok=True))  # not this screen's to answer
    answered = SentCommand.objects.get(uid="c1")
    assert (answered.ok, answered.detail, answered.answered) == (True, "stopped", LATER)
    assert SentCommand.objects.get(uid="c2").answered is None
    assert Screen.objects.get(pk=screen.id).stopped is True


@pytest.mark.parametrize(
    ("leaf", "payload"),
    [
        ("event", b""),
        ("event", b"\xff\xfe"),
        ("event", b'{"id":"e1","at":"2026-05-03T05:00:00"}'),
        ("event", b'{"id":"e1","at":"2026-05-03T05:00:00Z","more":1}'),
        ("state", b'{"screen":"nobody","online":true}'),
        ("rumour", b"{}"),
        ("reply", b'{"id":"c1","verb":"rm -rf","ok":true}'),
    ],
)
def test_what_cannot_be_read_is_dropped_with_a_line_in_the_log(
    screen: Screen, caplog: pytest.LogCaptureFixture, leaf: str, payload: bytes
) -> None:
    assert Uplink().take(wire.screen_up(screen.id, leaf), payload, NOON) is False
    assert "cannot be read" in caplog.text
    assert Screen.objects.get().seen is None


def test_a_report_of_nobody_or_on_no_topic_of_ours_is_dropped(screen: Screen) -> None:
    state = wire.encode(State("s-unknown", online=True))
    assert Uplink().take(wire.screen_up("s-unknown", "state"), state, NOON) is False
    assert Uplink().take("somewhere/else", state, NOON) is False


FIRST_DAY = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=7)))  # before the first one of UTC


@pytest.mark.parametrize(
    ("leaf", "poison"),
    [
        ("event", plays(Play(2**70, "b1", 1, NOON))),
        ("event", plays(Play(1, "b1", -1, NOON, outcome="shown"))),
        ("event", plays(Play(1, "b1", 1, FIRST_DAY))),
        ("state", State("s-test0001", online=True, seq=2**70)),
    ],
)
def test_a_report_no_row_can_hold_is_dropped_whole_and_ends_nothing(
    screen: Screen, report: Any, leaf: str, poison: Value
) -> None:
    assert not report(leaf, poison)
    assert not PlayRecord.objects.exists()
    assert Screen.objects.get().seen is None
    assert report("state", State(screen.id, online=True, seq=7))


def test_a_report_is_kept_by_the_broker_when_the_database_fails(report: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(uplink, "_store", fail)
    with pytest.raises(OperationalError):
        report("state", State("s-test0001", online=True))


def health(screen: Screen, stopped: object) -> Health:
    return Health(
        screen.id, LATER, "1.0", "boot", 1.0, 1, Clock(ClockQuality.TRUSTED, None), agent={"stopped": stopped}
    )


def test_a_stop_that_a_board_without_a_network_missed_is_asked_for_again(screen: Screen, report: Any) -> None:
    commands.send(screen, Verb.STOP, None, NOON)
    assert report("health", health(screen, "no"), now=NOON + timedelta(seconds=5))
    assert SentCommand.objects.count() == 1  # that one may still arrive
    assert report("health", health(screen, "no"))
    assert [command.verb for command in SentCommand.objects.filter(expires__gt=LATER)] == ["stop"]
    assert Screen.objects.get().stopped


@pytest.mark.parametrize(("asked", "says"), [(Verb.STOP, "yes"), (Verb.RELEASE, "yes"), (Verb.STOP, ["no"])])
def test_nothing_is_asked_of_a_board_that_stopped_and_nobody_but_a_person_releases_one(
    screen: Screen, report: Any, asked: Verb, says: object
) -> None:
    commands.send(screen, asked, None, NOON)
    assert report("health", health(screen, says))
    assert SentCommand.objects.count() == 1
