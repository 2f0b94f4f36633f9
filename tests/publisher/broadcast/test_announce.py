"""From the outbox to the wire and back from a crash, on a real Mosquitto."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from player import wire
from player.model import Applied, Verb
from publisher.broadcast import alerts, delivery, outbox
from publisher.broadcast.access import accounts
from publisher.broadcast.link import Stopping
from publisher.broadcast.models import AlertEnvelope, SentCommand, Task
from publisher.broadcast.playlists import Playlists
from publisher.bulletins.models import Bulletin
from publisher.screens import commands
from publisher.screens.models import Delivery, Screen

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def screen(commune: Any) -> Screen:
    return commune.screen()  # type: ignore[no-any-return]


@pytest.fixture
def topic(screen: Screen) -> str:
    return wire.screen_down(screen.id, "desired")


@pytest.fixture
def on_line(*, screen: Screen, commune: Any, station: Any, broker: Any, connect: Any, topic: str) -> Any:
    """The broadcast has started and the screen listens to all that is meant for it."""
    outbox.put("access", screen.id)
    station.broadcast.start()
    station.work()
    filters = [wire.screen_down(screen.id, "#"), *(wire.alert_filter(group) for group in ("25450", "75", screen.id))]

    def log_in() -> Any:
        listener = connect(broker.port, screen.id, commune.passwords[screen.id], *filters)
        return None if listener.refused else listener

    listener = station.turn_until(log_in)
    station.turn_until(lambda: listener.latest(topic))
    return listener


def approve(bulletin: Bulletin, *screens: Screen) -> None:
    with transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(status="on_air")
        outbox.put_many("desired", [screen.id for screen in screens])


def test_what_was_approved_is_announced_and_its_body_can_be_fetched(
    screen: Screen, commune: Any, station: Any, on_line: Any, topic: str
) -> None:
    bulletin = commune.bulletin(status="submitted")
    before = on_line.latest(topic)
    approve(bulletin, screen)
    station.turn_until(lambda: on_line.latest(topic) != before)
    playlist = station.playlist(on_line.latest(topic))
    assert [item.id for item in playlist.items] == [bulletin.uid]
    assert len(on_line.latest(topic)) <= wire.POINTER_LIMIT_B
    station.turn_until(lambda: Delivery.objects.exclude(announced=None).exists())
    assert not Task.objects.filter(done=None).exists()


def test_the_keys_are_retained_for_every_screen(screen: Screen, station: Any, on_line: Any) -> None:
    assert station.turn_until(lambda: on_line.latest(wire.screen_down(screen.id, "keys"))) == station.signer.keyset


def test_a_broker_that_forgot_everything_is_told_again(
    *, screen: Screen, commune: Any, station: Any, broker: Any, on_line: Any, topic: str
) -> None:
    emergency = commune.bulletin(priority="emergency")
    outbox.put("alert", emergency.uid)
    alert_topic = wire.alert_topic("25450", emergency.uid)
    station.turn_until(lambda: on_line.latest(alert_topic))
    before = on_line.latest(topic)
    on_line.seen.clear()
    broker.restart(accounts())
    keys_topic = wire.screen_down(screen.id, "keys")
    station.turn_until(lambda: on_line.latest(topic) and on_line.latest(alert_topic) and on_line.latest(keys_topic))
    assert on_line.latest(topic) == before


def test_a_kill_between_commit_and_announcement_loses_nothing(
    *, screen: Screen, commune: Any, station: Any, build_station: Any, broker: Any, on_line: Any, topic: str
) -> None:
    """The database has the pointer, the task is done, the process dies before it could say so."""
    bulletin = commune.bulletin()
    station.broadcast.stop()
    now = station.clock[0]
    outbox.put("desired", screen.id)
    with transaction.atomic():
        Playlists(station.store, station.broadcast._lists._reader).compose([screen.id], station.signer, now)
        outbox.finish(outbox.claim(now), now)
    successor = build_station(broker)
    successor.broadcast.start()
    successor.turn_until(lambda: bulletin.uid in items(successor, on_line.latest(topic)))


def items(station: Any, envelope: bytes | None) -> list[str]:
    return [] if envelope is None else [item.id for item in station.playlist(envelope).items]


def test_a_kill_in_the_middle_of_a_task_only_delays_it(
    screen: Screen, commune: Any, station: Any, on_line: Any, topic: str
) -> None:
    bulletin = commune.bulletin()
    outbox.put("desired", screen.id)
    assert len(outbox.claim(station.clock[0])) == 1  # and then it was killed
    station.work()
    assert bulletin.uid not in items(station, on_line.latest(topic))
    station.clock[0] += timedelta(seconds=6)
    station.turn_until(lambda: bulletin.uid in items(station, on_line.latest(topic)))


def test_a_poison_task_is_set_aside_and_holds_up_nobody(
    *, screen: Screen, commune: Any, station: Any, on_line: Any, topic: str, caplog: pytest.LogCaptureFixture
) -> None:
    sick, bulletin = commune.screen(), commune.bulletin()
    sick.unit.settings = {}
    commune.hamlet.settings = {"quiet": [{"wrong": 1}]}
    commune.hamlet.save()
    Screen.objects.filter(pk=sick.pk).update(unit=commune.hamlet)
    approve(bulletin, sick, screen)
    station.turn_until(lambda: bulletin.uid in items(station, on_line.latest(topic)))
    task = Task.objects.get(target=sick.id, kind="desired")
    assert (task.done, task.attempts) == (None, 1)
    assert "KeyError" in task.error
    assert task.not_before is not None
    assert task.not_before > station.clock[0]
    assert sum("is set aside" in record.getMessage() for record in caplog.records) == 1
    station.work()
    assert Task.objects.get(pk=task.pk).attempts == 1


def test_a_lost_body_is_composed_again_at_the_next_start(
    *, screen: Screen, station: Any, build_station: Any, broker: Any, on_line: Any, topic: str
) -> None:
    first = station.pointer(on_line.latest(topic))
    path = station.store.find(first.sha256)
    path.write_bytes(b"torn by a power cut")
    successor = build_station(broker)
    successor.broadcast.start()
    successor.turn_until(lambda: station.pointer(on_line.latest(topic)).seq > first.seq)
    assert successor.playlist(on_line.latest(topic)).screen == screen.id


def test_rotation_reaches_every_screen_and_what_stands_is_signed_anew(
    *, screen: Screen, commune: Any, station: Any, keys: Any, on_line: Any, topic: str
) -> None:
    emergency = commune.bulletin(priority="emergency")
    outbox.put("alert", emergency.uid)
    alert_topic = wire.alert_topic("25450", emergency.uid)
    station.turn_until(lambda: on_line.latest(alert_topic))
    old = station.pointer(on_line.latest(topic))
    keys.rotate(NOON)
    outbox.put("keys", "root")
    station.signer = keys.load()
    new = station.signer
    station.turn_until(lambda: new.signed(on_line.latest(topic)) and new.signed(on_line.latest(alert_topic)))
    assert on_line.latest(wire.screen_down(screen.id, "keys")) == new.keyset
    assert station.pointer(on_line.latest(topic)).seq > old.seq


def test_a_rotation_whose_announcement_was_lost_is_mended_at_the_next_start(
    *, station: Any, build_station: Any, broker: Any, keys: Any, on_line: Any, topic: str
) -> None:
    keys.rotate(NOON)
    successor = build_station(broker)
    successor.broadcast.start()
    successor.turn_until(lambda: successor.signer.signed(on_line.latest(topic)))


# --- emergencies --------------------------------------------------------------------------------------------------


def test_an_emergency_is_published_replaced_and_ended(screen: Screen, commune: Any, station: Any, on_line: Any) -> None:
    emergency = commune.bulletin(priority="emergency", level=3, ends=NOON + timedelta(hours=5), repeat_s=300)
    topic = wire.alert_topic("25450", emergency.uid)
    outbox.put("alert", emergency.uid)
    first = station.alert(station.turn_until(lambda: on_line.latest(topic)))
    assert (first.group, first.level, first.repeat_s, first.ended) == ("25450", 3, 300, False)
    assert first.versions[0].body == "Cắt nước từ 8 giờ."
    assert first.expires == NOON + timedelta(hours=5)
    emergency.texts.update(body="Vỡ đập!")
    Bulletin.objects.filter(pk=emergency.pk).update(revision=2)
    outbox.put("alert", emergency.uid)
    station.turn_until(lambda: station.alert(on_line.latest(topic)).revision == 2)
    second = station.alert(on_line.latest(topic))
    assert second.seq > first.seq
    assert second.versions[0].body == "Vỡ đập!"
    Bulletin.objects.filter(pk=emergency.pk).update(status="ended")
    outbox.put("alert", emergency.uid)
    station.turn_until(lambda: station.alert(on_line.latest(topic)).ended)
    third = station.alert(on_line.latest(topic))
    assert third.seq > second.seq
    assert third.versions == ()
    rows = {row.revision: row for row in Delivery.objects.filter(bulletin=emergency)}
    assert (rows[1].gone_seq, rows[2].gone_seq) == (second.seq, third.seq)


def test_an_emergency_goes_to_each_of_its_groups_and_to_single_screens(
    screen: Screen, commune: Any, station: Any, on_line: Any
) -> None:
    emergency = commune.bulletin(priority="emergency")
    emergency.targets.add(commune.province)
    emergency.screens.add(screen)
    outbox.put("alert", emergency.uid)
    groups = ("75", screen.id)
    found = [
        station.alert(station.turn_until(lambda group=group: on_line.latest(wire.alert_topic(group, emergency.uid))))
        for group in groups
    ]
    assert tuple(alert.group for alert in found) == groups
    assert Delivery.objects.filter(bulletin=emergency).count() == 1


def test_an_alert_that_is_over_is_not_announced_again(commune: Any, station: Any) -> None:
    commune.screen()
    emergency = commune.bulletin(priority="emergency", ends=NOON + timedelta(hours=2))
    with transaction.atomic():
        messages = alerts.Alerts().issue(emergency, station.signer, NOON)
    assert [message.expiry_s for message in messages] == [7200]
    assert len(list(alerts.retained_alerts(NOON + timedelta(minutes=119)))) == 1
    assert list(alerts.retained_alerts(NOON + timedelta(hours=2))) == []
    assert alerts.Alerts().issue(emergency, station.signer, NOON + timedelta(hours=3)) == []


def test_what_fits_in_an_envelope_is_known_before_it_is_published(commune: Any, station: Any) -> None:
    emergency = commune.bulletin(priority="emergency", body="ấ" * 300)
    left = alerts.alert_fits(emergency, NOON)
    assert 0 < left < wire.ENVELOPE_LIMIT_B
    emergency.texts.update(body="ấ" * 3000, spoken="")
    assert alerts.alert_fits(emergency, NOON) < 0
    with pytest.raises(ValueError, match="at most 4096 fit"):
        alerts.Alerts().issue(emergency, station.signer, NOON)
    AlertEnvelope.objects.all().delete()
    emergency.texts.update(body="a" * 10)
    low, high = 10, 4000
    while high - low > 1:  # the longest text that is said to fit does fit
        middle = (low + high) // 2
        emergency.texts.update(body="a" * middle)
        low, high = (middle, high) if alerts.alert_fits(emergency, NOON) >= 0 else (low, middle)
    emergency.texts.update(body="a" * low)
    [message] = alerts.Alerts().issue(emergency, station.signer, NOON)
    assert wire.ENVELOPE_LIMIT_B - 80 < len(message.payload) <= wire.ENVELOPE_LIMIT_B


# --- commands, access, time ---------------------------------------------------------------------------------------


def test_a_command_is_signed_once_and_carries_where_to_answer(
    screen: Screen, commune: Any, station: Any, on_line: Any
) -> None:
    sent = commands.send(screen, Verb.IDENTIFY, commune.writer, station.clock[0])
    envelope = station.turn_until(lambda: on_line.latest(wire.screen_down(screen.id, "command")))
    row = SentCommand.objects.get(uid=sent.uid)
    assert bytes(row.envelope) == envelope
    assert row.expires == station.clock[0] + timedelta(seconds=60)


def test_a_command_that_came_too_late_is_not_sent(screen: Screen, station: Any, on_line: Any) -> None:
    commands.send(screen, Verb.RESTART, None, station.clock[0] - timedelta(minutes=2))
    station.work()
    assert not Task.objects.filter(done=None).exists()
    assert bytes(SentCommand.objects.get().envelope) == b""


def test_stopping_is_remembered_until_it_is_released(screen: Screen, station: Any) -> None:
    commands.send(screen, Verb.STOP, None, NOON)
    assert Screen.objects.get().stopped is True
    commands.send(screen, Verb.RELEASE, None, NOON)
    assert Screen.objects.get().stopped is False


def test_a_picture_is_asked_for_once_while_one_is_on_its_way(screen: Screen) -> None:
    Screen.objects.update(online=True)
    screen.refresh_from_db()
    for _ in range(3):
        assert commands.fresh_picture(screen, NOON) is None
    assert SentCommand.objects.count() == 1
    commands.fresh_picture(screen, NOON + timedelta(seconds=61))
    assert SentCommand.objects.count() == 2


def test_a_revoked_screens_topics_are_emptied_and_its_login_is_void(
    *, screen: Screen, commune: Any, station: Any, broker: Any, connect: Any, on_line: Any
) -> None:
    Screen.objects.update(revoked=NOON)
    outbox.put("access", screen.id)
    station.turn_until(lambda: connect(broker.port, screen.id, commune.passwords[screen.id]).refused)
    assert "topic deny" in (broker.files.folder / "acl").read_text()


def test_playlists_are_renewed_long_before_they_expire(screen: Screen, station: Any, on_line: Any, topic: str) -> None:
    first = station.pointer(on_line.latest(topic))
    station.clock[0] += timedelta(days=4)
    station.turn_until(lambda: station.pointer(on_line.latest(topic)).issued == station.clock[0])
    assert station.pointer(on_line.latest(topic)).expires > first.expires


def test_the_end_of_a_window_is_not_overslept(commune: Any, broker: Any, build_station: Any) -> None:
    screen = commune.screen()
    bulletin = commune.bulletin(ends=NOON + timedelta(hours=1, seconds=90))

    def expire(now: datetime) -> list[str]:
        due = Bulletin.objects.filter(status="on_air", ends__lte=now)
        uids = list(due.values_list("uid", flat=True))
        due.update(status="expired")
        return uids

    station = build_station(broker, expire)
    station.broadcast.start()
    station.turn_until(lambda: Delivery.objects.filter(screen=screen).exists())
    station.work()
    assert Bulletin.objects.get().status == "on_air"
    station.clock[0] += timedelta(seconds=91)
    station.turn_until(lambda: Delivery.objects.get(bulletin=bulletin).gone_seq)
    assert Bulletin.objects.get().status == "expired"


def test_it_stops_when_asked(station: Any) -> None:
    station.broadcast.start()
    station.events.put(Stopping())
    station.turn_until(lambda: not station.broadcast.turn())


def test_the_delivery_line_follows_each_step(commune: Any, station: Any) -> None:
    first, second = commune.screen(), commune.screen()
    bulletin = commune.bulletin()
    assert delivery.delivery_line(bulletin, NOON) == "chưa gửi tới bảng nào"
    reader = station.broadcast._lists
    reader.compose([first.id, second.id], station.signer, NOON).note()
    assert delivery.delivery_line(bulletin, NOON) == "0/2 bảng đã nhận, chưa hiển thị"
    for number, screen in enumerate((first, second)):
        seq = Screen.objects.get(pk=screen.id).seq
        moment = NOON + timedelta(minutes=2 + number)
        delivery.note_applied(screen.id, applied(screen.id, seq, moment))
        delivery.note_plays(screen.id, {(bulletin.uid, 1): moment}, moment)
    assert delivery.delivery_line(bulletin, NOON) == "đang hiển thị trên 2/2 bảng, từ 12:02"
    assert delivery.delivery_line(bulletin, NOON + timedelta(days=1)).endswith("từ 12:02 03/05/2026")
    Bulletin.objects.filter(pk=bulletin.pk).update(status="withdrawn")
    bulletin.refresh_from_db()
    assert delivery.delivery_line(bulletin, NOON) == "chưa bảng nào báo đã gỡ (0/2)"
    reader.compose([first.id, second.id], station.signer, NOON).note()
    delivery.note_applied(first.id, applied(first.id, Screen.objects.get(pk=first.id).seq, NOON + timedelta(hours=1)))
    assert delivery.delivery_line(bulletin, NOON) == "đã gỡ khỏi 1/2 bảng, lúc 13:00"


def applied(screen: str, seq: int, moment: datetime) -> Applied:
    return Applied("desired", screen, seq, received=moment, trusted=moment, prepared=moment, committed=moment)
