from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player import model, wire

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)
VERSIONS = st.builds(model.Version, lang=st.sampled_from(["vi", "en", "km"]), title=TEXTS, body=TEXTS, spoken=TEXTS)
WINDOWS = st.builds(model.Window, start=st.none() | INSTANTS, end=st.none() | INSTANTS)
DAYPARTS = st.builds(
    model.DayPart,
    start_min=st.integers(0, 1440),
    end_min=st.integers(0, 1440),
    weekdays=st.lists(st.integers(1, 7), max_size=7).map(tuple),
)
ITEMS = st.builds(
    model.Item,
    id=st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z"),
    revision=st.integers(1, 10**6),
    priority=st.sampled_from(list(model.Priority)),
    versions=st.lists(VERSIONS, min_size=1, max_size=3).map(tuple),
    dwell_s=st.floats(0.001, 3600),
    windows=st.lists(WINDOWS, max_size=2).map(tuple),
    dayparts=st.lists(DAYPARTS, max_size=2).map(tuple),
    debut=st.none() | INSTANTS,
    level=st.integers(0, 5),
)
PLAYLISTS = st.builds(
    model.Playlist,
    schema=st.just(model.SCHEMA),
    screen=st.just("s-0123456789"),
    seq=st.integers(1, 2**53),
    issued=INSTANTS,
    expires=INSTANTS,
    unit=st.just(model.Unit(code="25357", name="Phường Tân Khai")),
    items=st.lists(ITEMS, max_size=4).map(tuple),
)


def playlist(**changes: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "schema": 1,
        "screen": "s-0123456789",
        "seq": 5,
        "issued": "2026-11-23T07:00:00Z",
        "expires": "2026-12-23T07:00:00Z",
        "unit": {"code": "25357", "name": "Phường Tân Khai"},
        "items": [],
    }
    return plain | changes


@given(PLAYLISTS)
def test_a_playlist_survives_the_wire(value: model.Playlist) -> None:
    assert wire.decode(wire.encode(value), model.Playlist) == value


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_raise_wire_error(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(data, model.Playlist)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"schema": 2}, "schema version 2"),
        ({"shell": "reboot"}, "shell"),
        ({"seq": 0}, "seq"),
        ({"screen": "s-UPPER00"}, "screen"),
        ({"screen": "s-ab/+#"}, "screen"),
        ({"issued": "2026-11-23T07:00:00"}, "issued"),
        ({"expires": 12}, "expires"),
        ({"items": [{"id": "a"}]}, "items[0]"),
        ({"groups": ["../x"]}, "groups"),
        ({"desired": {"volume_pct": 101}}, "volume_pct"),
    ],
)
def test_a_playlist_with_one_fault_is_refused_by_name(changes: dict[str, object], names: str) -> None:
    with pytest.raises(wire.WireError, match="Playlist") as refused:
        wire.decode(json.dumps(playlist(**changes)), model.Playlist)
    assert names in str(refused.value)


def test_the_plain_playlist_of_these_tests_is_right() -> None:
    assert wire.decode(json.dumps(playlist()), model.Playlist).unit.zone == "Asia/Ho_Chi_Minh"


def test_deeply_nested_bytes_are_refused_and_do_not_overflow() -> None:
    with pytest.raises(wire.WireError):
        wire.decode(b"[" * 100_000, model.Playlist)


def test_instants_are_carried_in_utc_to_the_millisecond() -> None:
    local = datetime(2026, 11, 23, 14, 0, 0, 123_999, tzinfo=timezone(timedelta(hours=7)))
    assert wire.utc(local) == datetime(2026, 11, 23, 7, 0, 0, 123_000, tzinfo=UTC)


def test_an_event_carries_exactly_what_was_set() -> None:
    event = model.Event(id="e1", at=NOW, refused=model.Refused("desired", "signature"))
    assert json.loads(wire.encode(event)) == {
        "id": "e1",
        "at": "2026-11-23T07:00:00Z",
        "refused": {"kind": "desired", "reason": "signature"},
    }


def test_up_topics_are_parsed_back_to_screen_and_leaf() -> None:
    assert wire.parse_up(wire.screen_up("s-0123456789", "health")) == ("s-0123456789", "health")


@pytest.mark.parametrize(
    "topic", ["", "bangtin/v1/screen/s-1/down/desired", "bangtin/v2/screen/s-1/up/x", "a/b/c/d/e/f"]
)
def test_other_topics_are_no_up_topics(topic: str) -> None:
    with pytest.raises(wire.WireError):
        wire.parse_up(topic)


def test_an_alert_becomes_an_emergency_item_for_its_own_time() -> None:
    alert = model.Alert(
        schema=1, id="b1", group="25357", seq=9, revision=2, issued=NOW, expires=NOW + timedelta(hours=1),
        versions=(model.Version("vi", body="Bão"),), level=3,
    )  # fmt: skip
    item = model.alert_item(alert)
    assert (item.priority, item.revision, item.level) == (model.Priority.EMERGENCY, 2, 3)
    assert item.windows == (model.Window(NOW, NOW + timedelta(hours=1)),)
