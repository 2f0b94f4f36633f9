"""Other voices than the board's own: spoken by the publisher, or by a person in an emergency. By real processes."""

from __future__ import annotations

import io
import math
import shutil
import struct
import wave
from collections.abc import Iterator
from typing import Any

import pytest

from publisher.demo.commune import COMMUNE
from publisher.demo.sight import plain_item
from tests.joe import joe, linked
from tests.journey.conftest import reading

pytestmark = pytest.mark.xdist_group("journey")

SPEAKS_S = 90.0


def engines(town: Any, uid: str) -> set[str]:
    """By what the bulletin's clips are made, on both screens."""
    found = []
    for screen in town.screens:
        with reading(screen.state_dir / "agent.db") as db:
            found += db.execute("SELECT engine FROM clip WHERE item = ?", (uid,)).fetchall()
    return {engine for (engine,) in found} if len(found) == len(town.screens) else set()


@pytest.fixture
def central(town: Any) -> Iterator[Any]:
    """The publisher has a good voice and speaks for the commune; the boards have none of their own."""
    voices = linked(joe(), town.commune.database.parent / "voices")
    town.commune.staff("quantri").decide(COMMUNE, speech="central")
    yield town
    town.commune.staff("quantri").decide(COMMUNE)
    shutil.rmtree(voices)


def test_boards_speak_with_the_voice_of_the_publisher(central: Any, until: Any) -> None:
    body = "Mời bà con đi tiêm chủng lúc 7 giờ 30."
    pages = central.pages(plain_item(body))
    uid = central.publish(body)
    central.wait_pages(pages, shown=True)
    heard = until("the publisher's voice", lambda: {e for e in engines(central, uid) if "recording:" in e}, SPEAKS_S)
    ((sha256, size, voice),) = central.rows("SELECT sha256, size, voice FROM speech_spokenclip")
    assert heard == {f"recording:{sha256}"}
    assert voice.startswith("piper:")
    for screen in central.screens:
        assert (screen.state_dir / "media" / sha256).stat().st_size == size < 30_000


def recording() -> bytes:
    """Two seconds of a voice, as a telephone may have taken it."""
    out = io.BytesIO()
    with wave.open(out, "wb") as clip:
        clip.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
        clip.writeframes(b"".join(struct.pack("<h", round(4000 * math.sin(n / 8))) for n in range(32_000)))
    return out.getvalue()


def test_the_chairmans_own_voice_follows_the_machines_in_an_emergency(town: Any, until: Any) -> None:
    sha256 = town.approver.upload_recording("chu-tich.wav", recording())
    uid = town.approver.alert(COMMUNE, "Sơ tán ngay khỏi vùng ngập.", audio=sha256)
    town.approver.step(uid, "publish")
    until("the recording on both boards", lambda: engines(town, uid) == {f"recording:{sha256}"}, SPEAKS_S)

    def heard() -> list[list[str]]:
        found = []
        for screen in town.screens:
            with reading(screen.state_dir / "plays.db") as db:
                rows = db.execute("SELECT outcome FROM play WHERE item = ? AND kind = 'speech'", (uid,)).fetchall()
            found.append([outcome for (outcome,) in rows])
        return found

    until("both boards to have heard it", lambda: all("shown" in outcomes for outcomes in heard()), SPEAKS_S)
