"""Commas typed without a space behind them: what can only part two things is told from the mark of a decimal.

Offices type "19h30,06/12", "gọi 113,114" and "tỷ số 25-21,23-25". A comma that can be no decimal mark, because an hour,
a day or a score stands beside it, becomes a sign of its own, so that no rule takes it into a number.
"""

from __future__ import annotations

import re
from typing import Final

PARTING: Final = "\u201a"  # a low quotation mark, which no Vietnamese office types
_HOUR: Final = r"\d{1,2}(?:[hgH:]\d\d|h)(?:'|p|phút)?"
_SOON_HOUR: Final = r"\d{1,2}(?:[hg:]\d\d|h[ ]?-)"
_CERTAIN: Final = re.compile(
    r"(?<![\d.,/])(?:"
    r"\d{1,2}-\d{1,2}(?:,\d{1,2}-\d{1,2}){1,12}(?![\d/])"  # 25-21,23-25
    r"|\d{1,2}/\d{1,2}(?:,\d{1,2}/\d{1,2}){1,12}(?![\d/])"  # 4/10,11/10; 1/4,2/4
    r"|0\d(?:,0\d){1,12}(?![\d/]|,\d)"  # biểu 01,02
    r"|\d{1,2}([/.-])\d{1,2}\1(?:19|20)\d\d,(?=\d)"  # 01/12/2026,8h
    r"|\d{1,2}-\d{1,2}/\d{1,2},(?=\d)"  # 7-9/12,4 nội dung
    rf"|\d{{1,2}}/\d{{1,2}},(?={_SOON_HOUR}|\d{{1,2}}-\d{{1,2}}/)"  # 31/12,1-3/1
    rf"|\d{{1,3}}(?:,\d){{0,6}},(?={_SOON_HOUR})"  # ấp 6,8h00
    r")"
    r"|(?<![\d./])(?<!\d,)11\d(?:,11\d){1,6}(?!\d)"  # gọi 113,114
    rf"|(?<![\d.]){_HOUR},(?=\d)"  # 19h30,06/12
    r"|(?<![^\W\d_])(?:[Tt]hứ [2-7]|T[2-7]),(?=\d{1,2}[/-]\d)"  # thứ 5,10/12
)


def parted(text: str) -> str:
    """`text` with PARTING for its certain parting commas. The length stays."""
    if "," not in text:
        return text
    return _CERTAIN.sub(_parted, text)


def _parted(found: re.Match[str]) -> str:
    """A run of pairs is parted throughout; of what only ends with a comma, that one parts."""
    run = found[0]
    return run[:-1] + PARTING if run[-1] == "," else run.replace(",", PARTING)
