"""Which words a machine has to say, and which of them come as a file."""

from __future__ import annotations

from player.model import Media, Version
from publisher.speech.said import Said, unrecorded, with_files

FILE, OWN = Media("1" * 64, 9, "audio/ogg"), Media("2" * 64, 9, "audio/ogg")
VERSIONS = (
    Version("vi", title="Họp", spoken="Họp dân"),
    Version("km", title="x", spoken=""),
    Version("en", title="Meeting", spoken="Họp dân"),
    Version("sti", spoken="Họp dân", audio=OWN),
)


def test_only_words_that_no_person_recorded_are_a_machines() -> None:
    assert list(unrecorded(VERSIONS)) == [Said("vi", "Họp dân"), Said("en", "Họp dân")]


def test_a_file_goes_with_its_words_in_their_language_alone() -> None:
    found = with_files(VERSIONS, {Said("vi", "Họp dân"): FILE})
    assert [version.audio for version in found] == [FILE, None, None, OWN]
    assert found[0].spoken == "Họp dân", "the words stay, for a board that cannot have the file"


def test_a_digest_tells_words_and_languages_apart() -> None:
    said = (Said("vi", "a"), Said("en", "a"), Said("vi", "b"))
    assert len({one.digest for one in said}) == len(said)
    assert all(len(one.digest) == 64 for one in said)
