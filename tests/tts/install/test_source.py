from __future__ import annotations

from pathlib import Path

import pytest

from tts.install.installed import FileFact, VoiceRecord
from tts.install.source import FolderSource, SourceError, WebSource, open_source

RECORD = VoiceRecord(
    name="vi_VN-thu", revision="1", language="vi", rate_hz=22_050, licence="CC0", attribution="thử", model="thu.onnx",
    settings="thu.onnx.json", files={"thu.onnx": FileFact(6, "0" * 64)}, path="vi/thu",
)  # fmt: skip


@pytest.mark.parametrize("below", ["", "vi_VN-thu", "vi/thu"])
def test_a_folder_is_searched_where_people_put_files(tmp_path: Path, below: str) -> None:
    (tmp_path / below).mkdir(parents=True, exist_ok=True)
    (tmp_path / below / "thu.onnx").write_bytes(b"abcdef")
    assert list(FolderSource(tmp_path).read(RECORD, "thu.onnx", 2)) == [(2, b"cdef")]


def test_a_missing_file_is_named_with_the_places_searched(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"thu\.onnx is not in .*vi_VN-thu and vi/thu"):
        list(FolderSource(tmp_path).read(RECORD, "thu.onnx", 0))


def test_the_kinds_of_source_by_name(tmp_path: Path) -> None:
    assert isinstance(open_source("https://mirror.example/voices/"), WebSource)
    assert isinstance(open_source(str(tmp_path)), FolderSource)
    assert isinstance(open_source(tmp_path.as_uri()), FolderSource)


@pytest.mark.parametrize("where", ["ftp://mirror.example", "gopher://x", "data:abc"])
def test_other_schemes_are_refused(where: str) -> None:
    with pytest.raises(SourceError, match="neither a folder nor an address"):
        open_source(where)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not there"):
        open_source(str(tmp_path / "usb"))
