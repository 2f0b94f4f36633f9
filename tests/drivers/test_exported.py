"""A frame in a mapped file is read whole by another process, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from drivers import panel
from drivers.exported import HEADER_BYTES, ExportedFrame, ExportError, FrameMemory, FrameWriter, new_memory
from drivers.panel import Rect
from tests.noise import noisy_bytes
from tests.waiting import DEADLINE_S

SIZE = (64, 32)

READER = """
import sys
from pathlib import Path
from drivers.exported import ExportedFrame
frame = ExportedFrame.open(Path(sys.argv[1])).read()
print(frame.w, frame.h, frame.presented, frame.rgb[:6].hex())
"""


def test_another_process_sees_what_was_presented_last(tmp_path: Path) -> None:
    path = tmp_path / "frame.bin"
    shown = panel.create("memory", *SIZE, {"export": str(path)})
    shown.open()
    shown.surface.fill((1, 2, 3))
    shown.present()
    shown.surface.fill((9, 9, 9))

    root = Path(__file__).parents[2]
    result = subprocess.run(
        [sys.executable, "-c", READER, str(path)],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=DEADLINE_S,
    )

    assert result.stdout == "64 32 1 010203010203\n"
    shown.close()


def test_reads_the_same_pixels_as_a_capture_after_a_dirty_present(tmp_path: Path) -> None:
    path = tmp_path / "frame.bin"
    shown = panel.create("memory", *SIZE, {"export": str(path)})
    shown.open()
    shown.set_brightness(40)
    shown.surface.fill((200, 100, 50))
    shown.present()
    shown.surface.fill((0, 255, 0))
    shown.present([Rect(7, 3, 11, 5), Rect(60, 30, 20, 20)])

    frame = ExportedFrame.open(path).read()

    assert frame.rgb == shown.capture().data
    assert frame.presented == 2
    assert frame.mono_ns > 0
    assert frame.real_ns > 1_700_000_000 * 10**9
    shown.close()


def test_the_file_stays_when_the_panel_closes(tmp_path: Path) -> None:
    path = tmp_path / "frame.bin"
    shown = panel.create("memory", *SIZE, {"export": str(path)})
    shown.open()
    shown.surface.fill((5, 6, 7))
    shown.present()
    shown.close()

    assert ExportedFrame.open(path).read().rgb[:3] == bytes((5, 6, 7))


def test_no_read_is_torn_while_frames_fly_by(tmp_path: Path) -> None:
    writer = FrameWriter.at(tmp_path / "frame.bin", SIZE)
    reader = ExportedFrame.open(tmp_path / "frame.bin")
    stop = threading.Event()

    def write() -> None:
        level = 0
        while not stop.is_set():
            level += 1
            writer.begin()
            writer.surface.fill((level % 251,) * 3)
            writer.commit(level)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(200):
            frame = reader.read(timeout_s=DEADLINE_S)
            assert frame.rgb == bytes([frame.presented % 251]) * len(frame.rgb)
    finally:
        stop.set()
        thread.join()


def test_a_writer_that_died_in_the_middle_is_named_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "frame.bin"
    writer = FrameWriter.at(path, SIZE)
    writer.commit(7)
    writer.begin()

    with pytest.raises(ExportError, match="stopped in the middle of frame 8"):
        ExportedFrame.open(path).read(timeout_s=0.02)


def test_a_present_that_broke_off_is_mended_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "frame.bin"
    writer = FrameWriter.at(path, SIZE)
    writer.begin()
    writer.begin()
    writer.surface.fill((4, 5, 6))
    writer.commit(1)
    assert ExportedFrame.open(path).read(timeout_s=0.02).rgb[:3] == bytes((4, 5, 6))


def test_follows_a_player_that_is_started_again(tmp_path: Path) -> None:
    path = tmp_path / "frame.bin"
    first = FrameWriter.at(path, SIZE)
    first.commit(41)
    reader = ExportedFrame.open(path)
    assert reader.presented() == 41

    second = FrameWriter.at(path, (32, 16))

    assert reader.presented() == 0
    assert (reader.read().w, reader.read().h) == (32, 16)
    second.commit(1)
    assert reader.presented() == 1
    reader.close()


def test_says_when_there_is_no_frame_file(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"none\.bin: no frame file"):
        ExportedFrame.open(tmp_path / "none.bin")


def test_refuses_a_file_that_is_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(noisy_bytes(HEADER_BYTES * 2))
    with pytest.raises(ExportError, match="not a frame file"):
        ExportedFrame.open(path).read()


def test_a_panel_says_which_export_it_could_not_make(tmp_path: Path) -> None:
    shown = panel.create("memory", *SIZE, {"export": str(tmp_path / "no" / "folder" / "x")})
    with pytest.raises(panel.PanelError, match=r"export=.*No such file"):
        shown.open()


def test_a_memory_without_a_name_is_read_by_its_descriptor() -> None:
    fd = os.memfd_create("frame")
    writer = FrameWriter(new_memory(fd, SIZE), SIZE)
    memory = FrameMemory(fd)
    pixels = memoryview(bytearray(4 * SIZE[0] * SIZE[1]))
    assert (memory.size, memory.presented) == (SIZE, 0)
    writer.begin()
    writer.surface.fill((1, 2, 3))
    assert memory.copy_to(pixels) is False  # the writer is at it
    writer.commit(1)
    assert memory.copy_to(pixels) is True
    assert memory.presented == 1
    assert pixels[:3] == bytes((3, 2, 1))
    os.close(fd)


@pytest.mark.parametrize("content", [bytes(200), b"BTF1" + bytes(200)])
def test_what_is_no_frame_memory_is_refused(content: bytes) -> None:
    fd = os.memfd_create("other")
    os.write(fd, content)
    with pytest.raises(ExportError, match="not a frame memory"):
        FrameMemory(fd)
    os.close(fd)
