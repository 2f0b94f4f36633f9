from __future__ import annotations

from pathlib import Path

import pytest

from tts.install.installed import VoiceRecord
from tts.install.manifest import ManifestError, load_manifest, lookup

GOOD = """
thu:
  revision: "1"
  language: vi
  rate_hz: 22050
  model: thu.onnx
  settings: thu.json
  files: {thu.onnx: {size: 1, sha256: aa}, thu.json: {size: 2, sha256: bb}}
  licence: CC0
  attribution: thử
"""


def manifest(folder: Path, text: str) -> Path:
    file = folder / "voices.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_built_in_manifest_pins_both_files_of_every_voice() -> None:
    known = load_manifest()
    vais = lookup(known, "vi_VN-vais1000-medium")
    assert (vais.files[vais.model].size, vais.files[vais.settings].size) == (63_201_294, 4_860)
    assert "lawyer" in vais.caveat
    for record in known.values():
        assert all(len(fact.sha256) == 64 and fact.size > 0 for fact in record.files.values())
        assert record.licence
        assert record.attribution


def test_the_test_voice_is_the_one_in_its_package(joe: tuple[VoiceRecord, Path]) -> None:
    listed = lookup(load_manifest(Path(__file__).parents[1] / "data" / "voices.yaml"), "en_US-joe-medium")
    assert listed.files == joe[0].files


def test_a_near_miss_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="did you mean 'thu'"):
        lookup(load_manifest(manifest(tmp_path, GOOD)), "thuu")
    with pytest.raises(ManifestError, match="Known are none"):
        lookup({}, "thu")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("- a list", "voices by name were expected"),
        ("thu: 5", "voice 'thu'"),
        (GOOD.replace("rate_hz: 22050", "rate_hz: fast"), "voice 'thu'.*rate_hz"),
        (GOOD.replace("  licence: CC0\n", ""), "voice 'thu'.*licence"),
        (GOOD + "  colour: red\n", "voice 'thu'.*colour"),
        (GOOD.replace("model: thu.onnx", "model: other.onnx"), "model and settings must be among its files"),
        (GOOD.replace("thu.json", "../../thu.json"), "must be a plain file name"),
        ("thu: [", "voices.yaml"),
    ],
)
def test_a_bad_manifest_is_refused_with_voice_and_field(tmp_path: Path, wrong: str, reason: str) -> None:
    with pytest.raises(ManifestError, match=reason):
        load_manifest(manifest(tmp_path, wrong))
