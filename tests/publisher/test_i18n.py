"""Vietnamese is the source, English is whole: nothing untranslated, nothing stale, no placeholder lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from publisher import catalogue
from publisher.accounts.models import User


def test_every_string_has_its_english_and_no_string_is_left_over() -> None:
    assert catalogue.missing() == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(catalogue.stored())


def test_placeholders_survive_translation() -> None:
    def holes(words: str | None) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", words or ""))

    for message in catalogue.stored():
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        for words in strings:
            assert holes(words) == holes(ids[0]), message.id


@pytest.mark.django_db
def test_a_person_may_work_in_english(commune: Any, as_user: Callable[[User], Client]) -> None:
    client = as_user(commune.writer)
    assert "Trang chính" in client.get("/").content.decode()
    client.post("/ngon-ngu", {"language": "en", "next": "/soan-tin"})
    page = client.get("/soan-tin").content.decode()
    assert '<html lang="en">' in page
    assert "Save the draft" in page
    assert "Lưu bản nháp" not in page
