"""A unit's own readings: kept by its administrators and approvers, inherited downwards, used wherever text is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from publisher.bulletins.models import BulletinText
from publisher.bulletins.reading import spoken, style_of
from publisher.units import words
from publisher.units.models import Unit
from tts.cli import read
from tts.lexicon import LexiconError, default_lexicon

AsUser = Callable[..., Client]
pytestmark = pytest.mark.django_db
BODY = "XYQ báo tin cho KPX."


def said(unit: Unit) -> str:
    return spoken("", BODY, "vi", style_of(unit)).words


def keep(unit: Unit, typed: str) -> None:
    unit.words = words.rows_of(typed)
    unit.save()


def test_rows_are_typed_with_an_equals_sign_and_shown_so_again() -> None:
    rows = words.rows_of("# của xã\r\nKPX = khu phố xanh\r\n\r\nXYQ\txóm yên quê\t#\t\t?\r\n")
    assert rows == "# của xã\nKPX\tkhu phố xanh\n\nXYQ\txóm yên quê\t#\t\t?"
    assert words.rows_of(words.typed_of(rows)) == rows
    assert "KPX = khu phố xanh" in words.typed_of(rows)


@pytest.mark.parametrize("typed", ["KPX", "KPX = khu phố 3", "= khu phố", "a\tb\tc\td\te\tf"])
def test_a_row_that_cannot_be_used_is_refused_with_its_line(typed: str) -> None:
    with pytest.raises(LexiconError, match="line 2"):
        words.rows_of(f"ABX = a bê\n{typed}")


def test_a_unit_reads_by_its_own_table_above_that_of_its_province(commune: Any) -> None:
    keep(commune.province, "XYQ = xóm yên quê\nKPX = khu phố của tỉnh")
    keep(commune.unit, "KPX = khu phố xanh")
    unit, other = Unit.objects.get(pk=commune.unit.pk), Unit.objects.get(pk=commune.other.pk)
    assert said(unit).lower() == "xóm yên quê báo tin cho khu phố xanh."
    assert said(other).lower() == "xóm yên quê báo tin cho khu phố của tỉnh."


def test_a_stored_table_that_is_no_longer_understood_stops_no_reading(
    commune: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken = (words.Table("Tân Khai", "KPX"), words.Table("Ấp Một", "XYQ\txóm yên quê"))
    found = words.lexicon_of(broken)
    assert "XYQ" in found.entries
    assert "KPX" not in found.entries
    assert "the table of readings of Tân Khai is passed over" in caplog.text
    assert words.lexicon_of(()) is default_lexicon()


def test_an_approver_keeps_the_table_and_the_next_bulletin_is_read_by_it(commune: Any, as_user: AsUser) -> None:
    address = f"/don-vi/{commune.unit.code}/cach-doc"
    answer = as_user(commune.approver).post(address, {"rows": "KPX = khu phố xanh\nXYQ = xóm yên quê"})
    assert answer.status_code == 302
    assert "KPX = khu phố xanh" in as_user(commune.approver).get(address).content.decode()

    form = {"unit": commune.unit.code, "body": BODY, "priority": "routine", "action": "save"}
    as_user(commune.writer).post("/soan-tin", form)
    assert BulletinText.objects.get().spoken.lower() == "xóm yên quê báo tin cho khu phố xanh."


def test_a_writer_reads_the_table_and_changes_nothing(commune: Any, as_user: AsUser) -> None:
    keep(commune.unit, "KPX = khu phố xanh")
    address = f"/don-vi/{commune.unit.code}/cach-doc"
    page = as_user(commune.writer).get(address).content.decode()
    assert "khu phố xanh" in page
    assert "<textarea" not in page
    assert as_user(commune.writer).post(address, {"rows": ""}).status_code == 403
    assert Unit.objects.get(pk=commune.unit.pk).words


def test_a_bad_row_is_told_and_nothing_is_stored(commune: Any, as_user: AsUser) -> None:
    answer = as_user(commune.admin).post(f"/don-vi/{commune.unit.code}/cach-doc", {"rows": "KPX = khu phố 3"})
    assert answer.status_code == 422
    assert "Chưa lưu được" in answer.content.decode()
    assert Unit.objects.get(pk=commune.unit.pk).words == ""


def test_what_a_writer_says_otherwise_travels_with_the_bulletin(commune: Any, as_user: AsUser) -> None:
    keep(commune.unit, "KPX = khu phố xanh")
    form = {"unit": commune.unit.code, "body": "KPX họp.", "priority": "routine", "action": "save",
            "spoken": "khu phố xuân họp.", "spoken_edited": "on"}  # fmt: skip
    as_user(commune.writer).post("/soan-tin", form)
    assert BulletinText.objects.get().spoken == "khu phố xuân họp."


def test_the_table_in_force_is_a_file_for_the_command_line(commune: Any, as_user: AsUser, tmp_path: Path) -> None:
    keep(commune.province, "XYQ = xóm yên quê")
    keep(commune.unit, "KPX = khu phố xanh")
    answer = as_user(commune.writer).get(f"/don-vi/{commune.unit.code}/cach-doc.tsv")
    (tmp_path / "unit.tsv").write_bytes(answer.content)
    told = CliRunner().invoke(read, ["--lexicon", str(tmp_path / "unit.tsv")], input=BODY)
    assert told.output.strip().lower() == "xóm yên quê báo tin cho khu phố xanh."
