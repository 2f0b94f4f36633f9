"""`bangtin read`, as a shell calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tts.cli import read


def run(text: str, *options: str) -> str:
    result = CliRunner().invoke(read, list(options), input=text)
    assert result.exit_code == 0, result.output
    return result.output


def test_reads_standard_input() -> None:
    assert run("UBND xã\nhọp 7h30.\n") == "Ủy ban nhân dân xã\nHọp bảy giờ ba mươi phút.\n"


def test_one_line_out_for_each_line_in() -> None:
    text = "UBND\n\nhọp\u2028mai\r\n...\n5 ấp"
    assert run(text, "--lines").split("\n") == ["Ủy ban nhân dân", "", "Họp Mai", "", "Năm ấp", ""]


def test_explains_which_rule_read_what() -> None:
    assert "  0-4\tabbreviation\t'UBND'\t'Ủy ban nhân dân'" in run("UBND họp", "--explain").splitlines()


def test_lists_doubts() -> None:
    assert "no_such_day\t'31/2'" in run("Ngày 31/2", "--doubts")


def test_region_and_short_reading() -> None:
    assert run("1.005", "--south") == "Một ngàn không trăm lẻ năm\n"
    assert run("Số 7/KH-UBND của tỉnh", "--short") == "Số bảy của tỉnh\n"


def test_takes_a_unit_table_and_names_its_fault(tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    table.write_text("XYZ\txóm yên zui\n", encoding="utf-8")
    assert run("XYZ", "--lexicon", str(table)) == "Xóm yên zui\n"
    table.write_text("XYZ\n", encoding="utf-8")
    result = CliRunner().invoke(read, ["--lexicon", str(table)], input="a")
    assert result.exit_code == 1
    assert "line 1: 'XYZ'" in result.output


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("TCVN3", "UBND x· T©n H\u00adng th«ng b¸o lÞch c¾t ®iÖn ngµy 15/4."),
        ("VNI", "UBND xaõ Taân Höng thoâng baùo lòch caét ñieän ngaøy 15/4."),
    ],
)
def test_the_letters_of_before_unicode_are_read_as_words(encoding: str, written: str) -> None:
    read_as = "Ủy ban nhân dân xã Tân Hưng thông báo lịch cắt điện ngày mười lăm tháng tư."
    whole = CliRunner().invoke(read, [], input=written)
    assert (whole.stdout, whole.stderr) == (f"{read_as}\n", f"the text is in {encoding}; it is read as Unicode\n")
    by_line = CliRunner().invoke(read, ["--lines"], input=f"Họp 7h.\n{written}\ncafé\n")
    assert by_line.stdout.split("\n") == ["Họp bảy giờ.", read_as, "Café", ""]
    assert by_line.stderr == f"line 2 is in {encoding}; it is read as Unicode\n"


def test_survives_bytes_that_are_no_text() -> None:
    result = CliRunner().invoke(read, [], input=b"\xff\xfe UBND 5\n")
    assert result.exit_code == 0
    assert "Ủy ban nhân dân năm" in result.output
