"""What the writing form cannot show of a bulletin set by another program is told, and not lost by saving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from publisher.accounts.models import User
from publisher.bulletins import content, reading, workflow
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin
from publisher.units.models import Unit
from publisher.web.forms import ComposeForm, initial_of
from publisher.web.kept import sayable
from tests.publisher.test_when_words import KINGS, MONDAYS, NIGHT, RICH, TEXTS

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
HOLIDAY = {"kind": "holiday"}
MOON = ({"kind": "lunar", "day": 1}, {"kind": "lunar", "day": 15})
WHOLE = {"start_min": 0, "end_min": 1440, "weekdays": [1, 2, 3, 4, 5, 6, 7]}


def drafted(commune: Any, given: Content) -> Bulletin:
    return workflow.draft(commune.unit, commune.writer, given, timezone.now())


def saved(client: Client, bulletin: Bulletin, user: User, **changed: object) -> Any:
    """Save the page as it came, but for `changed`."""
    stored = content.read(bulletin)
    form = ComposeForm(user, initial=initial_of(bulletin, stored), stored=stored)
    typed = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in typed.items() if value not in (None, False)} | changed
    for name in ("starts", "ends", "rule_start"):
        given.pop(name, None)
    return client.post(f"/tin/{bulletin.uid}/sua", given | {"action": "save"})


@pytest.mark.parametrize(
    ("on", "off", "parts", "expected"),
    [
        ((), (), (), True),
        (MOON, (HOLIDAY,), (), True),
        ((HOLIDAY,), (), (), True),
        ((MONDAYS,), (), (), True),
        (({"kind": "lunar", "day": 10, "month": 3, "lead_days": 3},), (), (), True),
        ((), (), (NIGHT,), True),
        ((), (), (WHOLE,), True),
        ((KINGS,), (), (), False),  # for several days
        ((MONDAYS, HOLIDAY), (), (), False),
        ((*MOON, HOLIDAY), (), (), False),
        (({"kind": "lunar", "day": 1, "lead_days": 2}, {"kind": "lunar", "day": 15}), (), (), False),
        ((), (MONDAYS,), (), False),
        ((), (HOLIDAY, MONDAYS), (), False),
        ((HOLIDAY,), (HOLIDAY,), (), False),
        (MOON, (), (NIGHT,), False),  # weekdays beside dates
        ((), (), (NIGHT, WHOLE), False),
        ((), (), ({"start_min": 1440, "end_min": 300, "weekdays": [1]},), False),
    ],
)
def test_what_the_fields_can_say(on: Any, off: Any, parts: Any, *, expected: bool) -> None:
    assert sayable(Content(TEXTS, dates=on, exdates=off, dayparts=parts)) is expected


def test_a_combination_is_told_in_words_and_survives_saving(commune: Any, as_user: LogIn) -> None:
    bulletin = drafted(commune, RICH)
    client = as_user(commune.writer)
    page = client.get(f"/tin/{bulletin.uid}/sua").content.decode()
    told = page.partition('id="kept-days"')[2].partition("</div>")[0]
    for words in (
        "giữ nguyên",
        "ngày 10 tháng 3 âm lịch",
        "FREQ=MONTHLY;BYDAY=1MO",
        "Không phát: ngày lễ",
        "22:00–05:00",
    ):
        assert words in told
    before = content.read(bulletin)
    assert saved(client, bulletin, commune.writer, body="Nội dung mới.").status_code == 302
    after = content.read(Bulletin.objects.get())
    assert after.texts[0].body == "Nội dung mới."
    assert (after.dates, after.exdates, after.dayparts) == (before.dates, before.exdates, before.dayparts)
    assert after.times_a_day == 6


def test_another_choice_takes_the_place_of_all_that_was_kept(commune: Any, as_user: LogIn) -> None:
    bulletin = drafted(commune, RICH)
    assert (
        saved(as_user(commune.writer), bulletin, commune.writer, on_days="every", skip_holidays="").status_code == 302
    )
    after = content.read(Bulletin.objects.get())
    assert (after.dates, after.exdates, after.dayparts) == ((), (), ())


def test_hours_typed_beside_kept_days_are_not_swallowed(commune: Any, as_user: LogIn) -> None:
    bulletin = drafted(commune, RICH)
    answer = saved(as_user(commune.writer), bulletin, commune.writer, part_from="07:00", part_to="09:00")
    assert answer.status_code == 422
    assert "đang được giữ nguyên" in answer.content.decode()


def test_simple_days_offer_nothing_to_keep(commune: Any, as_user: LogIn) -> None:
    bulletin = drafted(commune, Content(TEXTS, dates=MOON))
    page = as_user(commune.writer).get(f"/tin/{bulletin.uid}/sua").content.decode()
    assert 'value="keep"' not in page
    assert "kept-" not in page
    assert 'value="keep"' not in as_user(commune.writer).get("/soan-tin").content.decode()


def test_the_next_days_of_what_is_kept_are_told(commune: Any, as_user: LogIn) -> None:
    bulletin = drafted(commune, RICH)
    typed = {"unit": commune.unit.code, "body": "Tin", "priority": "routine", "on_days": "keep"}
    client = as_user(commune.writer)
    assert client.post(f"/soan-tin/ngay-phat?of={bulletin.uid}", typed).content.decode().count("<li>") == 5
    assert "Điền đủ" in client.post("/soan-tin/ngay-phat", typed).content.decode()
    assert as_user(commune.stranger).post(f"/soan-tin/ngay-phat?of={bulletin.uid}", typed).status_code == 404


@pytest.fixture
def voices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of English and Mông, beside the Vietnamese ones."""
    monkeypatch.setattr(reading, "spoken_languages", lambda folder: frozenset({"vi", "en", "hmn"}))


@pytest.mark.usefixtures("voices")
def test_languages_readings_and_places_without_a_field_survive(commune: Any, as_user: LogIn) -> None:
    texts = (
        *TEXTS,
        TextIn("hmn", "Xov xwm", spoken="xov xwm tshiab"),
        TextIn("en", "Come to the festival."),
        TextIn("tay", "Tin mấư"),
    )
    empty = Unit.objects.create(code="25999", name="Ấp Mới", kind="group", parent=commune.other)
    bulletin = drafted(commune, Content(texts, repeat_s=900, level=2))
    bulletin.targets.set([empty, commune.unit])
    client = as_user(commune.writer)
    page = client.get(f"/tin/{bulletin.uid}/sua").content.decode()
    assert "Tiếng Anh, Tiếng Tày" in page.partition('id="kept-langs"')[2].partition("</div>")[0]
    assert "Tiếng Mông" in page.partition('id="kept-reading"')[2].partition("</div>")[0]
    assert "1 nơi" in page.partition('id="kept-places"')[2].partition("</div>")[0]
    stored = content.read(bulletin)
    form = ComposeForm(commune.writer, initial=initial_of(bulletin, stored), stored=stored)
    typed = {name: form[name].value() for name in form.fields} | {"targets": [commune.unit.code]}
    bound = ComposeForm(commune.writer, {name: value for name, value in typed.items() if value}, stored=stored)
    assert bound.is_valid(), bound.errors
    after = bound.content()
    assert {text.lang: text.body for text in after.texts} == {text.lang: text.body for text in texts}
    assert next(text.spoken for text in after.texts if text.lang == "hmn") == "xov xwm tshiab"
    assert (after.repeat_s, after.level) == (900, 2)
    assert set(after.targets) == {empty.code, commune.unit.code}


@pytest.mark.usefixtures("voices")
def test_a_reading_does_not_outlive_its_words(commune: Any, as_user: LogIn) -> None:
    bulletin = drafted(commune, Content((*TEXTS, TextIn("en", "Come on Monday.", spoken="come on monday"))))
    saved(as_user(commune.writer), bulletin, commune.writer, body2="Come on Friday.")
    after = {text.lang: text for text in content.read(Bulletin.objects.get()).texts}
    assert (after["en"].body, after["en"].spoken) == ("Come on Friday.", None)


def test_it_is_told_in_english_too(commune: Any, as_user: LogIn) -> None:
    bulletin = drafted(commune, RICH)
    client = as_user(commune.writer)
    client.cookies["django_language"] = "en"
    page = client.get(f"/tin/{bulletin.uid}/sua").content.decode()
    assert "set by another program" in page
    assert "Keep the days and hours" in page
    with translation.override("en"):
        assert "Only on" in page
