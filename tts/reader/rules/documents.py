"""Numbers of documents, plates of vehicles, and other names made of letters and digits."""

from __future__ import annotations

import re
from typing import Final

from tts.reader.engine import LETTER, LOWER, UPPER, Place, Rule, Said
from tts.reader.lexicon import SPELL, Neighbours
from tts.reader.numbers import digits
from tts.reader.rules.parts import NOT_LETTER, PAPER, mentions, rx
from tts.reader.rules.words import around, not_twice

_PART: Final = re.compile(rf"([/.-]|\s*,)|(\d+)|([{LETTER}&]+)")
_SYMBOL = rf"[{UPPER}](?=[{LETTER}&]{{0,12}}[{UPPER}])[{LETTER}&]{{1,14}}\d{{0,3}}"
_PLAIN = rf"[A-ZĐƯ](?=[A-Za-zĐƯ&]{{0,12}}[A-ZĐƯ])[A-Za-zĐƯ&]{{1,14}}\d{{0,3}}(?![{LETTER}])"
_APART = rf"(?:[ ][-/][ ]?|[-/][ ]){_PLAIN}(?![ ][{UPPER}]{{2}})"  # 77/KH - UBND, but 36-TB/ĐU - THÔNG BÁO
_CODE: Final = rf"(?:L-CTN|{_SYMBOL})(?:[-/.]{_SYMBOL}|{_APART}|[-/.]\d{{1,4}}|[-/][{UPPER}](?![{LETTER}])){{0,5}}"


def _code(match: re.Match[str], place: Place) -> Said | None:
    """77/KH-UBND, 49/2024/NĐ-CP, 12-CT/TU."""
    number, year, symbols = match.group(1, 2, 3)
    slashed = "/" in place.text[match.end(1) : match.start(3)]
    if slashed and number[-1] in place.house.lexicon.units and number[-1].islower() and not _of_a_paper(place):
        return None  # 50k/VĐV, 20m/HS
    if not slashed and (("/" not in symbols and not _of_a_paper(place)) or _unknown(place, symbols, match.end())):
        return None  # tuyến 475-PT is no paper
    words = _numbered(place, number)
    if year:
        words += ["trên", place.house.numbers.cardinal(year)]
    if not place.house.options.slash and _issuer_named(place, match.end()):
        return Said(_without_slashes(words), match.end())
    if "/" in place.text[match.end(2 if year else 1) : match.start(3)]:
        words.append("trên")
    said, doubts = _symbols(place, symbols, match.end())
    words.append(said)
    spoken = " ".join(words) if place.house.options.slash else _without_slashes(words)
    return Said(spoken, match.end(), doubts)


def _of_a_paper(place: Place) -> bool:
    return place.prev in ("số", "mẫu", "biểu") or PAPER.search(place.window) is not None


def _numbered(place: Place, number: str) -> list[str]:
    """The running number, with a letter behind it if it has one (12a)."""
    figures = re.sub(r"\D", "", number)
    words = [place.house.numbers.serial(figures)]
    return [*words, place.house.lexicon.spell(number[len(figures) :])] if figures != number else words


def _without_slashes(words: list[str]) -> str:
    return " ".join(word for word in " ".join(words).split() if word != "trên")


def _symbols(place: Place, symbols: str, end: int) -> tuple[str, tuple[str, ...]]:
    words: list[str] = []
    doubts: tuple[str, ...] = ()
    whole = _meaning(place, symbols, end)
    if whole:
        return whole, ()
    for mark, number, letters in _PART.findall(symbols):
        if mark.strip() == "/":
            words.append("trên")
        elif number:
            words += ["khóa"] if words and words[-1].endswith("Quốc hội") else []
            words.append(place.house.numbers.serial(number))
        elif letters:
            known = _meaning(place, letters, end)
            words.append(known or place.house.lexicon.spell(letters))
            doubts = doubts if known else ("unknown",)
    return " ".join(words), doubts


def _meaning(place: Place, letters: str, end: int) -> str:
    """In words; an unknown body of a committee (BTGTU) is looked up without the committee (BTG + TU)."""
    entry = place.house.lexicon.choose(letters, around(place, end, in_code=True))
    if entry is None:
        return _of_committee(place, letters, end)
    if letters == "TU":
        return place.house.options.party
    return place.house.lexicon.spell(letters) if entry.spoken == SPELL else entry.spoken


def _of_committee(place: Place, letters: str, end: int) -> str:
    for committee in ("TU", "TW", "TƯ", "ĐU", "HU", "UBND", "HĐND", "MTTQ"):
        body = letters.removesuffix(committee)
        if len(body) > 1 and body != letters and (known := _HEADS.get(body) or _meaning(place, body, end)):
            return f"{known} {_meaning(place, committee, end)}"
    for head, spoken in _HEADS.items():
        rest = letters.removeprefix(head)
        if len(rest) > 2 and rest != letters and (known := _meaning(place, rest, end)):
            return f"{spoken} {known[0].lower()}{known[1:]}"
    return ""


_HEADS: Final = {
    "BCH": "Ban Chỉ huy",
    "BCĐ": "Ban Chỉ đạo",
    "BQL": "Ban quản lý",
    "BTC": "Ban Tổ chức",
    "HĐ": "Hội đồng",
    "UB": "Ủy ban",
    "TT": "Trung tâm",
    "VP": "Văn phòng",
    "CN": "Chi nhánh",
    "BV": "Bệnh viện",
    "P": "Phòng",
    "S": "Sở",
}


def _standard(match: re.Match[str], place: Place) -> Said | None:
    """TCVN 6909:2001, TCVN 5687-2010, QCVN 01:2021/BYT."""
    if place.prev not in ("tcvn", "qcvn", "iso", "chuẩn", "tcxdvn") or _YEARS.match(place.text, place.pos):
        return None
    numbers = place.house.numbers
    said = f"{', '.join(numbers.serial(part) for part in match[1].split('-'))}, {numbers.cardinal(match[2])}"
    if not match[3]:
        return Said(said, match.end())
    issuer, doubts = _symbols(place, match[3], match.end())
    return Said(f"{said} trên {issuer}", match.end(), doubts)


_YEARS: Final = rx(r"(?:19|20)\d\d-")  # hộ nghèo chuẩn 2022-2025


def _unknown(place: Place, symbols: str, end: int) -> bool:
    first = re.split(r"[-/.]", symbols)[0]
    return not _meaning(place, first, end)


_NAMED: Final = re.compile(r"(?:\s+ngày [^.;\n]{4,24}?)?\s+của\s")


def _issuer_named(place: Place, end: int) -> bool:
    """ "… của UBND tỉnh" follows, or the issuer stands before: then the short reading may drop the symbols."""
    return _NAMED.match(place.text, end) is not None


def _blank_code(match: re.Match[str], place: Place) -> Said | None:
    """Số: /KH-UBND: the number is not filled in yet."""
    if not match[1] and place.prev != "số":
        return None
    said, doubts = _symbols(place, match[2], match.end())
    return Said(said, match.end(), doubts)


def _plate(match: re.Match[str], place: Place) -> str:
    """93A1-456.78: every sign by its own name."""
    lexicon = place.house.lexicon
    series = " ".join(digits(sign) if sign.isdigit() else lexicon.spell(sign) for sign in match[2] if sign.isalnum())
    groups = [digits(group) for group in re.findall(r"\d+", match[3])]
    return f"{digits(match[1])} {series}, {', '.join(groups)}"


def _army_plate(match: re.Match[str], place: Place) -> str | None:
    """TM-12-34 of the army."""
    if not _PLATED.search(place.window):
        return None
    return ", ".join([place.house.lexicon.spell(match[1]), digits(match[2]), digits(match[3])])


_PLATED: Final = re.compile(
    r"(?<![^\W\d_])(?:xe|bks|bs|biển số|biển kiểm soát|biển)(?:[^\d.;]{0,24}|[^.;]{0,24},)[ :]*$"
)


def _boat(match: re.Match[str], place: Place) -> str:
    """BĐ 12345 TS, KG-91234-TS of fishermen."""
    spell = place.house.lexicon.spell
    return f"{spell(match[1])} {digits(match[2])} {spell(match[3])}"


def _station(match: re.Match[str], place: Place) -> str | None:
    """93-02D that tests vehicles; 30-35V are volts."""
    if match[2] != "D" and "kiểm" not in place.words:
        return None
    return f"{digits(match[1])} {place.house.lexicon.spell(match[2])}"


def _serial(match: re.Match[str], place: Place) -> str | None:
    """Số BA 123456: letters by name, digits singly."""
    if match[0][len(match[1])] == " " and place.prev not in ("số", "seri", "sổ", "hiệu", "mã", "hành", "xê", "gcn"):
        return None
    return f"{place.house.lexicon.spell(match[1])} {digits(match[2])}"


def _card(match: re.Match[str], place: Place) -> str | None:
    """The number of a health insurance card: GD 4 70 70 212 34567."""
    if not mentions(place, "card"):
        return None
    groups = ", ".join(digits(group) for group in match[2].split())
    return f"{place.house.lexicon.spell(match[1])} {groups}"


def _lettered(match: re.Match[str], place: Place) -> Said | None:
    """VOV1, U15, B2, H5N1, QL13: letters by meaning or by name, numbers as numbers."""
    lexicon = place.house.lexicon
    words: list[str] = []
    doubts: tuple[str, ...] = ()
    counting = False
    for index, part in enumerate(_RUNS.findall(match[0].replace("-", ""))):
        if part.isdigit():
            words.append(_beside_letters(place, part, counting=counting))
            continue
        named = index == 0 and part in lexicon.entries and not _of_a_form(place)
        entry = lexicon.numbered(part, Neighbours(place.window, match[0].lstrip(f"{part}-"))) if named else None
        if entry is None:
            words.append(lexicon.spell(part))
            doubts = ("unknown",) if len(part) > 2 else doubts
        else:
            counting = entry.spoken != SPELL and part.lower() not in lexicon.words["road"]
            words.append(lexicon.spell(part) if entry.spoken == SPELL else not_twice(place, entry.spoken))
    return Said(" ".join(words), match.end(), doubts)


def _of_a_form(place: Place) -> bool:
    """Mẫu CT01, giống OM18, OM5451: letters that only name a form or a plant."""
    if place.prev in _FORMS or place.prev2 in _FORMS:
        return True
    return place.follows("lettered", within=2) and mentions(place, "crop")


_RUNS: Final = re.compile(r"\d+|\D+")
_FORMS: Final = frozenset(("mẫu", "mẫu số", "biểu mẫu", "biểu", "biểu số", "giống", "giống lúa", "lúa", "cao tốc"))


def _beside_letters(place: Place, number: str, *, counting: bool) -> str:
    """KP02 is the second; PC06 is named so, with its zero; no listener counts four digits of a name."""
    if len(number) > 3 and not number.endswith("000"):
        return digits(number)
    return place.house.numbers.counted(number) if counting else place.house.numbers.serial(number)


def _tail_of_name(match: re.Match[str], place: Place) -> str | None:
    """The lot LK1-01, the notice IB2600123456-00: what goes on behind a dash is of the name, with its zeros."""
    name = place.before_last
    if place.text[place.pos - 1 : place.pos] != "-" or name.end != place.pos - 1:
        return None
    if name.rule == "lettered":
        return place.house.numbers.serial(match[0])
    return digits(match[0]) if name.rule == "serial" else None


def _post_code(match: re.Match[str], place: Place) -> str:
    """V.07.04.32 of a teacher, VIII.06.02.01: every part said, with its zeros."""
    parts = [place.house.numbers.serial(part) for part in match[2].split(".") if part]
    return " chấm ".join([place.house.lexicon.spell(match[1]), *parts])


def _rank_code(match: re.Match[str], place: Place) -> str | None:
    """Mã ngạch 01.003: no thousands and no account."""
    if not _RANK.search(place.window):
        return None
    return " chấm ".join(digits(part) for part in match[0].split("."))


_RANK: Final = re.compile(r"(?:ngạch|chức danh|mã số|mã)(?: số)?[ :.(]*$")


def _variety(match: re.Match[str], place: Place) -> str | None:
    """Giống lúa OM 5451, cao su giống PB 260."""
    named = "giống" in place.words[-2:] or (len(match[2]) > 3 and match[1] not in place.house.lexicon.entries)
    if not named or not mentions(place, "crop"):
        return None
    return f"{place.house.lexicon.spell(match[1])} {_beside_letters(place, match[2], counting=False)}"


_OF_YEAR: Final = r"(?:[ ]?/[ ]?((?:19|20)\d\d))?"
_NUMBERED: Final = r"(?:\d{1,3}\.\d{3}|\d{1,6}[A-Za-zĐ]?)"
_PLATE_TAIL: Final = r"(\d{3}\.\d{2}|\d{4,5})(?!\d)"

DIGIT_RULES: Final = (
    Rule("plate", rx(rf"(\d\d-\d\d)([DSV]){NOT_LETTER}(?!\d)"), _station, follow="-", least=2),
    Rule("serial", rx(r"0\d{1,3}(?!\d)(?![.,/]\d)"), _tail_of_name, first="0", least=2),
    Rule("serial", rx(r"\d\d\.\d{3}(?!\d|\.\d)"), _rank_code, follow=".", least=2),
    Rule(
        "standard", rx(rf"(\d{{1,5}}(?:-\d{{1,2}})?)[:-]((?:19|20)\d\d)(?:/({_CODE}))?(?!\d)"), _standard, follow=":-"
    ),
    Rule("code", rx(rf"({_NUMBERED}){_OF_YEAR}[ ]?[/-][ ]?({_CODE})(?![{LOWER}])"), _code, follow="/-." + LETTER),
    Rule(
        "plate",
        rx(rf"(\d\d)[- ]?([A-ZĐ]{{1,2}}\d?|[A-Z]\d)[ ]?[- .][ ]?{_PLATE_TAIL}"),
        _plate,
        follow="-" + UPPER,
        least=2,
    ),
    Rule("plate", rx(rf"(\d\d)[- ]?([A-ZĐ])[ ]?{_PLATE_TAIL}"), _plate, follow="-" + UPPER, least=2),
)
BEFORE_ROMAN: Final = (
    Rule("serial", rx(r"([A-Z]{1,4})((?:\.\d\d){2,4})(?!\.?\d)"), _post_code, follow=UPPER, numbered=True),
)
WORD_RULES: Final = (
    Rule("plate", rx(r"([A-Z]{2})[ -](\d\d)[.-](\d\d)(?!\d|[.,/-]\d)"), _army_plate, follow=UPPER, numbered=True),
    Rule(
        "plate",
        rx(rf"([A-ZĐ]{{1,2}}[a-z]{{0,2}})[ -]?(\d{{4,5}})[ -]?(TS){NOT_LETTER}"),
        _boat,
        follow=UPPER,
        numbered=True,
    ),
    Rule("variety", rx(r"([A-ZĐ]{2,4})[ ](\d{1,5})(?!\d)(?![.,]\d)"), _variety, follow=UPPER, numbered=True),
    Rule("serial", rx(r"([A-ZĐ]{2})[ ]?(\d(?:[ ]\d{2,10}){2,5})(?!\d)"), _card, follow=UPPER, numbered=True),
    Rule("serial", rx(r"([A-ZĐ]{1,3})[ -]?(\d{5,15})(?!\d)"), _serial, follow=UPPER, numbered=True),
    Rule(
        "lettered",
        rx(
            rf"[A-ZĐ]{{1,6}}-?\d{{1,4}}(?:[A-Z]{{1,2}}\d{{0,3}}){{0,3}}(?:-(?![IVX])[A-Z]{{1,2}}(?!\d))?{NOT_LETTER}(?![\d])(?![.,/]\d)"
        ),
        _lettered,
        numbered=True,
    ),
)
SIGN_RULES: Final = (Rule("code", rx(rf"()/[ ]?({_CODE})(?![{LOWER}])"), _blank_code, follow="/"),)
