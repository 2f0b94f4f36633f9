from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from player import seal, wire
from player.model import DayPart, Desired, Dimmed, Media, Playlist, Pointer, Priority, SpeechPlan, Unit, Version, Window
from publisher.broadcast.compose import Face, OnAir, compose, dated, fingerprint, pointer_to
from publisher.broadcast.content import ContentStore
from publisher.broadcast.models import Sequence
from publisher.broadcast.onair import OnAirReader, guess_dwell_s
from publisher.broadcast.playlists import Playlists
from publisher.broadcast.sequences import next_seq
from publisher.bulletins.models import Bulletin, Placement
from publisher.media.models import Asset
from publisher.screens.models import Delivery, Screen
from publisher.units.models import GroupMember
from publisher.units.models import Unit as UnitRow

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)
FACE = Face("s-test0001", Unit(code="25450", name="Xã Lộc Thạnh"), ("25450", "75", "s-test0001"), Desired())


def on_air(uid: str, **values: Any) -> OnAir:
    given: dict[str, Any] = {
        "revision": 1,
        "priority": Priority.ROUTINE,
        "versions": (Version(lang="vi", title="Tin", body="Nội dung"),),
        "dwell_s": 10.0,
        "approved": NOON,
    }
    return OnAir(uid=uid, **{**given, **values})


def only_item(bulletin: OnAir) -> Any:
    return compose(FACE, [bulletin]).items[0]


def test_priority_comes_by_rank_then_routine_by_age_then_background() -> None:
    bulletins = [
        on_air("young", approved=NOON + timedelta(hours=1)),
        on_air("old"),
        on_air("back", always=True, approved=NOON - timedelta(days=9)),
        on_air("second", priority=Priority.PRIORITY, rank=2),
        on_air("first", priority=Priority.PRIORITY, rank=1),
    ]
    for order in permutations(bulletins):
        items = compose(FACE, order).items
        assert [item.id for item in items] == ["first", "second", "old", "young", "back"]


def test_it_appears_at_once_when_approved_or_when_its_time_begins() -> None:
    assert only_item(on_air("a")).debut == NOON
    assert only_item(on_air("a", starts=NOON - timedelta(days=1))).debut == NOON
    later = NOON + timedelta(hours=3)
    assert only_item(on_air("a", starts=later)).debut == later
    assert only_item(on_air("a", always=True)).debut is None


def test_its_window_has_open_sides() -> None:
    end = NOON + timedelta(days=1)
    assert only_item(on_air("a")).windows == ()
    assert only_item(on_air("a", ends=end)).windows == (Window(end=end),)
    assert only_item(on_air("a", starts=NOON, ends=end)).windows == (Window(start=NOON, end=end),)


def test_instants_leave_in_utc_with_milliseconds() -> None:
    hanoi = timezone(timedelta(hours=7))
    item = only_item(on_air("a", approved=datetime(2026, 5, 3, 12, 0, 0, 123456, tzinfo=hanoi)))
    assert item.debut == datetime(2026, 5, 3, 5, 0, 0, 123000, tzinfo=UTC)
    assert b"+07" not in wire.encode(item)


@pytest.mark.parametrize(
    ("spoken", "times", "debut", "expected"),
    [
        ("Lời đọc", 2, False, SpeechPlan(times=2)),
        ("Lời đọc", 0, True, SpeechPlan(times=0, at_debut=True)),
        ("Lời đọc", 0, False, None),
        ("", 2, True, None),
    ],
)
def test_it_is_read_if_there_is_something_to_read(
    spoken: str, times: int, debut: bool, expected: SpeechPlan | None
) -> None:
    bulletin = on_air(
        "a", versions=(Version(lang="vi", body="x", spoken=spoken),), speech_times=times, speak_at_debut=debut
    )
    assert only_item(bulletin).speech == expected


def test_a_recorded_voice_is_speech_too() -> None:
    audio = Media(sha256="0" * 64, size=9, mime="audio/wav")
    bulletin = on_air("a", versions=(Version(lang="vi", audio=audio),), speech_times=1)
    assert only_item(bulletin).speech == SpeechPlan(times=1)


def test_the_body_is_what_a_screen_decodes_and_the_pointer_fits() -> None:
    playlist = dated(compose(FACE, [on_air("a"), on_air("b")]), 7, NOON)
    body = wire.encode(playlist)
    assert wire.decode(body, Playlist) == playlist
    pointer = pointer_to(playlist, body)
    assert (pointer.seq, pointer.size, pointer.screen) == (7, len(body), "s-test0001")
    assert pointer.url == f"/content/{pointer.sha256}"
    assert playlist.expires - playlist.issued == timedelta(days=7)


def test_the_fingerprint_is_blind_to_time_and_to_nothing_else() -> None:
    mark = fingerprint(compose(FACE, [on_air("a")]))
    assert fingerprint(compose(FACE, [on_air("a")])) == mark
    others = [
        (FACE, [on_air("a", revision=2)]),
        (FACE, [on_air("a", rank=1)]),
        (FACE, [on_air("a", dayparts=(DayPart(start_min=0, end_min=60),))]),
        (FACE, []),
        (replace(FACE, desired=Desired(volume_pct=10)), [on_air("a")]),
        (replace(FACE, groups=("25450",)), [on_air("a")]),
        (replace(FACE, unit=Unit(code="25450", name="Phường Lộc Thạnh")), [on_air("a")]),
    ]
    assert mark not in {fingerprint(compose(face, bulletins)) for face, bulletins in others}


def test_more_items_than_a_screen_takes_are_cut_from_the_end() -> None:
    playlist = compose(FACE, [on_air(f"b{number:04d}") for number in range(5010)])
    assert len(playlist.items) == 5000
    assert playlist.items[-1].id == "b4999"


def test_a_body_larger_than_a_screen_takes_is_cut_from_the_end() -> None:
    long = Version(lang="vi", body="ờ" * 60_000, spoken="ờ" * 120_000)
    playlist = compose(FACE, [on_air(f"b{number:04d}", versions=(long,)) for number in range(40)])
    assert [item.id for item in playlist.items] == [f"b{number:04d}" for number in range(len(playlist.items))]
    assert 20 < len(playlist.items) < 40
    body = wire.encode(dated(playlist, 9, NOON))
    wire.decode(wire.encode(pointer_to(playlist, body)), Pointer)


# --- from the database --------------------------------------------------------------------------------------------


@pytest.fixture
def playlists(home: Any) -> Playlists:
    return Playlists(ContentStore(home.content), OnAirReader())


@pytest.fixture
def read(playlists: Playlists, signer: Any, home: Any) -> Any:
    """Compose for screens and open what came out, by screen id."""

    def compose_and_open(*screens: Screen, now: datetime = NOON, **options: Any) -> dict[str, Playlist]:
        composed = playlists.compose([screen.id for screen in screens], signer, now, **options)
        composed.note()
        found = {}
        for message in composed.messages:
            opened = seal.unseal("desired", message.payload, (seal.public_hex(signer.private),))
            pointer = wire.decode(opened, Pointer)
            path = ContentStore(home.content).find(pointer.sha256)
            assert path is not None
            found[message.screen] = wire.decode(path.read_bytes(), Playlist)
        return found

    return compose_and_open


def ids(playlist: Playlist) -> list[str]:
    return [item.id for item in playlist.items]


def test_a_bulletin_reaches_the_screens_it_is_meant_for_and_no_others(commune: Any, read: Any) -> None:
    here, below, there = commune.screen(), commune.screen(commune.hamlet), commune.screen(commune.other)
    group = UnitRow.objects.create(code="g-old", name="Huyện cũ", kind="group", parent=commune.province)
    GroupMember.objects.create(group=group, screen=there)
    own = commune.bulletin()
    province = commune.bulletin(commune.province)
    hamlet = commune.bulletin(commune.hamlet)
    aimed = commune.bulletin()
    aimed.targets.add(commune.other)
    grouped = commune.bulletin(commune.province)
    grouped.targets.add(group)
    single = commune.bulletin()
    single.screens.add(below)
    found = read(here, below, there)
    assert ids(found[here.id]) == [own.uid, province.uid]
    assert ids(found[below.id]) == [own.uid, province.uid, hamlet.uid, single.uid]
    assert ids(found[there.id]) == [province.uid, aimed.uid, grouped.uid]
    assert found[there.id].groups == ("25451", "75", "g-old", there.id)


@pytest.mark.parametrize("status", [s for s in Bulletin.Status.values if s != "on_air"])
def test_only_what_is_on_air_is_shown(commune: Any, read: Any, status: str) -> None:
    screen = commune.screen()
    commune.bulletin(status=status)
    assert ids(read(screen)[screen.id]) == []


def test_emergencies_travel_by_themselves(commune: Any, read: Any) -> None:
    screen = commune.screen()
    commune.bulletin(priority="emergency")
    assert ids(read(screen)[screen.id]) == []


def test_each_shape_has_its_own_measured_time(commune: Any, read: Any) -> None:
    hdmi, led = commune.screen(), commune.screen(width_px=192, height_px=96, kind="led")
    bulletin = commune.bulletin(revision=2)
    for screen, revision, dwell_s in ((hdmi, 2, 11.5), (led, 2, 44.0), (hdmi, 1, 99.0)):
        Placement.objects.create(
            bulletin=bulletin,
            revision=revision,
            width_px=screen.width_px,
            height_px=screen.height_px,
            kind=screen.kind,
            dwell_s=dwell_s,
        )
    found = read(hdmi, led)
    assert found[hdmi.id].items[0].dwell_s == 11.5
    assert found[led.id].items[0].dwell_s == 44.0


def test_a_shape_that_was_not_measured_gets_time_by_the_length_of_the_text(commune: Any, read: Any) -> None:
    screen = commune.screen()
    commune.bulletin(body="a" * 1500)
    assert read(screen)[screen.id].items[0].dwell_s == pytest.approx(100, rel=0.05)
    assert guess_dwell_s(on_air("a"), None, "") == 8.0  # type: ignore[arg-type]
    endless = on_air("a", versions=(Version(lang="vi", body="a" * 50_000),))
    assert guess_dwell_s(endless, None, "") == 600.0  # type: ignore[arg-type]


def test_pictures_hours_and_settings_come_along(commune: Any, read: Any) -> None:
    commune.province.settings = {"volume_pct": 40, "brightness_pct": 60}
    commune.province.save()
    commune.unit.settings = {"volume_pct": 55, "dimmed": [{"start_min": 1260, "end_min": 300}], "dimmed_pct": 25}
    commune.unit.save()
    asset = Asset.objects.create(sha256="ab" * 32, kind="picture", mime="image/png", size=123)
    screen = commune.screen()
    commune.bulletin(picture=asset, dayparts=[{"start_min": 360, "end_min": 420, "weekdays": [1, 2]}], level=3)
    playlist = read(screen)[screen.id]
    item = playlist.items[0]
    assert item.picture == Media(sha256="ab" * 32, size=123, mime="image/png")
    assert item.dayparts == (DayPart(start_min=360, end_min=420, weekdays=(1, 2)),)
    assert item.level == 3
    assert (playlist.desired.volume_pct, playlist.desired.brightness_pct) == (55, 60)
    assert playlist.desired.dimmed == (Dimmed(DayPart(start_min=1260, end_min=300), 25),)


def test_nothing_new_is_not_announced_again(commune: Any, read: Any) -> None:
    screen = commune.screen()
    commune.bulletin()
    first = read(screen)[screen.id]
    assert read(screen, now=NOON + timedelta(hours=1)) == {}
    again = read(screen, now=NOON + timedelta(hours=1), force=True)[screen.id]
    assert again.seq > first.seq
    assert again.items == first.items


def test_a_new_revision_brings_new_words(commune: Any, read: Any) -> None:
    screen = commune.screen()
    bulletin = commune.bulletin(body="Cũ")
    assert read(screen)[screen.id].items[0].versions[0].body == "Cũ"
    bulletin.texts.update(body="Mới")
    Bulletin.objects.filter(pk=bulletin.pk).update(revision=2)
    item = read(screen)[screen.id].items[0]
    assert (item.revision, item.versions[0].body) == (2, "Mới")


def test_a_screen_that_is_not_in_service_is_passed_over(commune: Any, read: Any) -> None:
    revoked, unclaimed = commune.screen(revoked=NOON), commune.screen(claimed=None)
    assert read(revoked, unclaimed) == {}


def test_deliveries_begin_and_end_with_the_playlists(commune: Any, read: Any) -> None:
    screen = commune.screen()
    kept, dropped = commune.bulletin(), commune.bulletin()
    first = read(screen)[screen.id].seq
    Bulletin.objects.filter(pk=dropped.pk).update(status="withdrawn")
    second = read(screen)[screen.id].seq
    rows = {row.bulletin_id: (row.seq, row.gone_seq) for row in Delivery.objects.all()}
    assert rows == {kept.pk: (first, 0), dropped.pk: (first, second)}
    Bulletin.objects.filter(pk=dropped.pk).update(status="on_air")
    third = read(screen)[screen.id].seq
    row = Delivery.objects.get(bulletin=dropped)
    assert (row.seq, row.gone_seq) == (third, 0)


def test_the_number_of_queries_does_not_grow_with_screens_or_bulletins(
    commune: Any, playlists: Playlists, signer: Any
) -> None:
    screens = [commune.screen() for _ in range(2)]
    for _ in range(3):
        commune.bulletin()

    def reading() -> int:
        reader = OnAirReader()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            reader.for_each(reader.targets(screens))
        return len(queries)

    few = reading()
    screens += [commune.screen() for _ in range(10)]
    for _ in range(30):
        commune.bulletin()
    assert reading() == few
    assert few <= 9


def test_a_seq_never_goes_back(db: None) -> None:
    """The database may be restored from a copy, the clock may be wrong, many may come in one second."""
    first = next_seq("desired", "s-one", NOON)
    assert first == int(NOON.timestamp())
    assert next_seq("desired", "s-one", NOON) == first + 1
    assert next_seq("desired", "s-one", NOON - timedelta(days=9)) == first + 2
    Sequence.objects.all().delete()  # a copy from before
    assert next_seq("desired", "s-one", NOON + timedelta(minutes=1)) > first + 2
    assert next_seq("desired", "s-two", NOON) == first
