"""Every face's licence, held against what its file and its package say themselves."""

from __future__ import annotations

import gzip
import re
import struct
import tomllib
from pathlib import Path

import pytest

from player.layout import fonts
from player.layout.fonts import ALL_FACES, FIXED_13, LOW, OFL, OWN, PROJECT_LICENCE, PUBLIC_DOMAIN, Face, FontBook

ROOT = Path(__file__).resolve().parents[3]
DOCS = Path("/usr/share/doc")
SAID_IN_FILES = {  # what stands in a font file under each licence of the table
    OFL: "SIL Open Font License, Version 1.1",
    PUBLIC_DOMAIN: "Public domain font",
    PROJECT_LICENCE: PROJECT_LICENCE,
}
SAID_BY_PACKAGES = {  # where a package's copyright file speaks of its fonts, and what it says there
    "fonts-noto-core": (r"^Files: \*$.*?^License: (\S+)$", OFL),
    "xfonts-base": (r"^font-misc-misc/COPYING:\s+\"([^.]+)", "Public domain font"),
}
LICENCE_RECORDS = (13, 14)  # of the name table: the licence in words, and where it stands


def named(data: bytes) -> str:
    """The licence records of a TrueType file's name table, as its Windows strings have them."""
    count = struct.unpack_from(">H", data, 4)[0]
    tables = [struct.unpack_from(">4sLLL", data, 12 + 16 * n) for n in range(count)]
    at = next(offset for tag, _, offset, _ in tables if tag == b"name")
    _, records, strings = struct.unpack_from(">HHH", data, at)
    found = []
    for n in range(records):
        platform, _, _, kind, length, offset = struct.unpack_from(">6H", data, at + 6 + 12 * n)
        if platform == 3 and kind in LICENCE_RECORDS:
            found.append(data[at + strings + offset :][:length].decode("utf-16-be"))
    return " ".join(found)


def pcf_property(data: bytes, wanted: bytes) -> str:
    """A string among the properties of an X11 bitmap file, in the byte order the file states."""
    _, _, size, at = struct.unpack_from("<4L", data, 8)  # the first table holds the properties
    order = ">" if struct.unpack_from("<L", data, at)[0] & 4 else "<"
    count = struct.unpack_from(f"{order}L", data, at + 4)[0]
    entries = [struct.unpack_from(f"{order}LBL", data, at + 8 + 9 * n) for n in range(count)]
    strings = data[at + 8 + (count * 9 + 3) // 4 * 4 + 4 : at + size]
    text = {strings[name:].split(b"\0")[0]: strings[value:].split(b"\0")[0] for name, is_text, value in entries
            if is_text}  # fmt: skip
    return text[wanted].decode("latin-1")


def bdf_property(data: bytes, wanted: str) -> str:
    """A string among the properties of a bitmap file in plain text."""
    found = re.search(rf'^STARTPROPERTIES .*^{wanted} "([^"]*)"$.*^ENDPROPERTIES$', data.decode("ascii"), re.M | re.S)
    assert found, f"no {wanted}"
    return found[1]


def said(face: Face, book: FontBook) -> str:
    data = book.path(face).read_bytes()
    if face is LOW:
        return bdf_property(data, "COPYRIGHT")
    return pcf_property(gzip.decompress(data), b"COPYRIGHT") if face is FIXED_13 else named(data)


def test_no_face_is_outside_the_table_or_without_a_licence() -> None:
    defined = {value for value in vars(fonts).values() if isinstance(value, Face)}
    assert defined == set(ALL_FACES)
    assert not [face.name for face in ALL_FACES if face.licence not in SAID_IN_FILES]


@pytest.mark.parametrize("face", ALL_FACES, ids=lambda face: face.name)
def test_the_file_says_the_same_licence(face: Face, book: FontBook) -> None:
    assert SAID_IN_FILES[face.licence] in said(face, book)


@pytest.mark.parametrize("package", sorted({face.package for face in ALL_FACES} - {OWN}))
def test_the_package_says_the_same_licence(package: str) -> None:
    path = DOCS / package / "copyright"
    if not path.exists():
        pytest.skip(f"the package's copyright file is not here: {path}")
    where, wanted = SAID_BY_PACKAGES[package]
    found = re.search(where, path.read_text(encoding="utf-8"), re.M | re.S)
    assert found, f"{path} says nothing at {where}"
    assert found[1] == wanted


def test_the_own_face_is_under_the_licence_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {face.licence for face in ALL_FACES if face.package == OWN} == {project["license"]}


def test_users_are_told_every_licence_and_package() -> None:
    told = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Licences")[2]
    assert not [face.package for face in ALL_FACES if face.package not in told]
    assert OFL in told
    assert "public domain" in told
    assert LOW.name in told
    assert PROJECT_LICENCE in told
