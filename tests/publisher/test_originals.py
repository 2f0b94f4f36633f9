"""That nothing typed or pasted is lost: each text of a bulletin keeps what it came as, by whichever door."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from publisher.accounts import people
from publisher.accounts.models import User
from publisher.bulletins import check, content, workflow
from publisher.bulletins.content import Content, TextIn
from publisher.bulletins.models import Bulletin, BulletinText

pytestmark = pytest.mark.django_db

AsUser = Callable[[User], Client]
TITLE, BODY, SPOKEN = "Họp ấp 3", "Kính mời bà con.\nĐúng bảy giờ tối.", "Họp ấp ba, đúng bảy giờ tối."
HIDDEN = "\ufeffHọp ấp 3\u00ad"
TCVN3 = "Uû ban nh©n d©n x· T©n H\u00adng th«ng b¸o"
UNICODE = "Uỷ ban nhân dân xã Tân Hưng thông báo"


def loose(words: str) -> str:
    return unicodedata.normalize("NFD", words)


def drafted(commune: Any, *texts: TextIn) -> Bulletin:
    return workflow.draft(commune.unit, commune.writer, Content(texts=texts), timezone.now())


def stored() -> BulletinText:
    return Bulletin.objects.get().texts.get(lang="vi")


def form(commune: Any, **changed: Any) -> dict[str, Any]:
    plain = {"unit": commune.unit.code, "body": BODY, "title": TITLE, "priority": "routine", "rank": 0}
    return plain | {"speech_times": 2, "on_days": "every", "action": "save"} | changed


# --- what is kept


@pytest.mark.parametrize("came", [loose(TITLE), HIDDEN, f"{TITLE} \t"], ids=["NFD", "zero width", "space behind"])
def test_every_text_keeps_what_it_came_as(commune: Any, came: str) -> None:
    text = drafted(commune, TextIn("vi", came, came, came)).texts.get()
    assert (text.title, text.body, text.spoken) == (TITLE, TITLE, TITLE)
    assert text.originals == {"title": came, "body": came, "spoken": came}


def test_a_text_that_came_as_it_is_stored_has_no_original(commune: Any) -> None:
    assert drafted(commune, TextIn("vi", BODY, TITLE, SPOKEN)).texts.get().originals == {}


def test_the_line_ends_of_a_browser_make_no_original(commune: Any) -> None:
    text = drafted(commune, TextIn("vi", BODY.replace("\n", "\r\n"), TITLE)).texts.get()
    assert (text.body, text.originals) == (BODY, {})


def test_each_language_keeps_its_own(commune: Any) -> None:
    bulletin = drafted(commune, TextIn("vi", BODY, loose(TITLE)), TextIn("hre", loose("Vế")))
    assert {text.lang: text.originals for text in bulletin.texts.all()} == {
        "vi": {"title": loose(TITLE)}, "hre": {"body": loose("Vế")},
    }  # fmt: skip


def test_the_machine_s_own_reading_has_no_original(commune: Any) -> None:
    assert drafted(commune, TextIn("vi", loose(BODY))).texts.get().originals == {"body": loose(BODY)}


# --- how long it is kept


def test_words_that_come_back_from_a_form_still_have_theirs(commune: Any) -> None:
    bulletin = drafted(commune, TextIn("vi", loose(BODY), loose(TITLE)))
    again = Content(texts=(TextIn("vi", BODY.replace("\n", "\r\n"), TITLE),), rank=5)
    workflow.edit(bulletin, commune.writer, again, timezone.now())
    assert stored().originals == {"title": loose(TITLE), "body": loose(BODY)}


def test_other_words_have_none_of_it(commune: Any) -> None:
    bulletin = drafted(commune, TextIn("vi", loose(BODY), loose(TITLE)))
    workflow.edit(bulletin, commune.writer, Content(texts=(TextIn("vi", "Lời khác.", TITLE),)), timezone.now())
    assert stored().originals == {"title": loose(TITLE)}


def test_a_copy_has_the_originals_of_what_it_was_copied_from(commune: Any) -> None:
    first = drafted(commune, TextIn("vi", loose(BODY), HIDDEN, loose(SPOKEN)))
    copy = workflow.copy_for_edit(first, commune.writer, timezone.now())
    assert copy.texts.get().originals == first.texts.get().originals
    assert set(copy.texts.get().originals) == {"title", "body", "spoken"}


# --- by the API


def asked(user: User, method: str, path: str, body: object = None) -> Any:
    token = people.new_token(user, "test")
    return Client().generic(
        method, f"/api/v1{path}", json.dumps(body) if body is not None else "",
        content_type="application/json", headers={"authorization": f"Bearer {token}"},
    )  # fmt: skip


def test_the_api_keeps_and_tells_the_originals(commune: Any) -> None:
    given = {"lang": "vi", "title": HIDDEN, "body": loose(BODY), "spoken": loose(SPOKEN)}
    made = asked(commune.writer, "POST", "/bulletins", {"unit": commune.unit.code, "texts": [given]})
    assert made.status_code == 201, made.content
    told = asked(commune.writer, "GET", f"/bulletins/{made.json()['uid']}").json()["texts"]
    assert told == [
        {
            "lang": "vi", "title": TITLE, "body": BODY, "spoken": SPOKEN, "audio": None,
            "originals": {"title": HIDDEN, "body": loose(BODY), "spoken": loose(SPOKEN)},
        }
    ]  # fmt: skip


def test_the_api_stores_nothing_of_an_old_encoding_in_a_title(commune: Any) -> None:
    given = {"title": TCVN3, "body": BODY}
    refused = asked(commune.writer, "POST", "/bulletins", {"unit": commune.unit.code, "texts": [given]})
    assert (refused.status_code, refused.json()["code"]) == (422, "legacy")
    assert not Bulletin.objects.exists()


# --- by the page


def test_the_page_keeps_the_originals(commune: Any, as_user: AsUser) -> None:
    typed = form(commune, title=HIDDEN, body=loose(BODY), spoken=loose(SPOKEN), spoken_edited="on")
    answer = as_user(commune.writer).post("/soan-tin", typed)
    assert answer.status_code == 302, answer.content.decode()
    assert (stored().title, stored().body, stored().spoken) == (TITLE, BODY, SPOKEN)
    assert stored().originals == {"title": HIDDEN, "body": loose(BODY), "spoken": loose(SPOKEN)}


def test_a_bulletin_s_page_shows_them_with_what_is_hidden_in_them(commune: Any, as_user: AsUser) -> None:
    bulletin = drafted(commune, TextIn("vi", loose(BODY), HIDDEN))
    page = as_user(commune.writer).get(f"/tin/{bulletin.uid}").content.decode()
    assert "Nguyên văn" in page
    assert "[U+FEFF]Họp ấp 3[U+00AD]" in page
    assert loose("Kính mời bà con.") in page
    plain = drafted(commune, TextIn("vi", BODY, TITLE))
    assert "Nguyên văn" not in as_user(commune.writer).get(f"/tin/{plain.uid}").content.decode()


def hidden_field(page: str, name: str) -> str:
    before, found, rest = page.partition(f'name="{name}"')
    assert found, f"{name} is not in {before[-200:]}"
    return rest.partition('value="')[2].partition('"')[0] if rest.partition(">")[0].count('value="') else ""


@pytest.mark.parametrize("name", ["title", "body"])
def test_what_a_button_repaired_is_kept_as_it_was_pasted(commune: Any, as_user: AsUser, name: str) -> None:
    client = as_user(commune.writer)
    pasted = form(commune, **{name: TCVN3})
    fields = client.post("/soan-tin/chuyen-ma", pasted).content.decode()
    assert hidden_field(fields, f"{name}_pasted") == TCVN3
    assert UNICODE in fields
    sent = form(commune, **{name: UNICODE, f"{name}_pasted": TCVN3})
    again = client.post("/soan-tin/chuyen-ma", sent).content.decode()
    assert hidden_field(again, f"{name}_pasted") == TCVN3, "a second press loses nothing"
    assert client.post("/soan-tin", sent).status_code == 302
    assert getattr(stored(), name) == UNICODE
    assert stored().originals == {name: TCVN3}


def test_a_repaired_text_that_became_another_has_no_original(commune: Any, as_user: AsUser) -> None:
    sent = form(commune, body="Lời khác hẳn.", body_pasted=TCVN3)
    assert as_user(commune.writer).post("/soan-tin", sent).status_code == 302
    assert stored().originals == {}


def test_saving_the_form_again_keeps_them(commune: Any, as_user: AsUser) -> None:
    bulletin = drafted(commune, TextIn("vi", loose(BODY), HIDDEN))
    crlf = BODY.replace("\n", "\r\n")
    assert as_user(commune.writer).post(f"/tin/{bulletin.uid}/sua", form(commune, body=crlf)).status_code == 302
    assert stored().originals == {"title": HIDDEN, "body": loose(BODY)}


# --- the database of before


@pytest.mark.django_db(transaction=True)
def test_the_original_of_a_body_survives_the_migration_there_and_back(commune: Any) -> None:
    bulletin = drafted(commune, TextIn("vi", loose(BODY), TITLE))
    other = drafted(commune, TextIn("vi", BODY, HIDDEN))
    before, after = [("bulletins", "0003_dates_and_promises")], [("bulletins", "0004_originals")]
    old = _migrated(before).get_model("bulletins", "BulletinText")
    try:
        kept = dict(old.objects.values_list("bulletin_id", "original"))
        assert kept == {bulletin.pk: loose(BODY), other.pk: ""}
    finally:
        new = _migrated(after).get_model("bulletins", "BulletinText")
    assert new.objects.get(bulletin_id=bulletin.pk).originals == {"body": loose(BODY)}
    assert new.objects.get(bulletin_id=other.pk).originals == {}


def _migrated(target: list[tuple[str, str]]) -> Any:
    """The apps as they were there."""
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


def test_an_original_reads_back_with_the_content(commune: Any) -> None:
    bulletin = drafted(commune, TextIn("vi", loose(BODY)))
    (text,) = content.read(bulletin).texts
    assert (text.body, text.originals) == (BODY, {"body": loose(BODY)})
    assert check.is_decomposed(text.originals["body"])
