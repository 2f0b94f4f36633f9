from __future__ import annotations

import errno
import fcntl
import hashlib
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from tts.install.installed import FileFact, VoiceRecord, installed_voices, placed_voices
from tts.install.installer import Installer, InstallError, mending
from tts.install.source import FolderSource, WebSource
from tts.voice import VoiceError

MODEL, SETTINGS = b"model " * 200_000, b'{"settings": 1}'


def record(model: bytes = MODEL, revision: str = "1") -> VoiceRecord:
    files = {"thu.onnx": model, "thu.onnx.json": SETTINGS}
    return VoiceRecord(
        name="vi_VN-thu", revision=revision, language="vi", rate_hz=22_050, licence="CC0", attribution="thử",
        model="thu.onnx", settings="thu.onnx.json", path="vi/thu",
        files={name: FileFact(len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()},
    )  # fmt: skip


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror" / "vi" / "thu"
    folder.mkdir(parents=True)
    (folder / "thu.onnx").write_bytes(MODEL)
    (folder / "thu.onnx.json").write_bytes(SETTINGS)
    return tmp_path / "mirror"


class Trials:
    """Stands for speaking a sentence: remembers which folders were tried, and refuses when told to."""

    def __init__(self) -> None:
        self.tried: list[Path] = []
        self.refuse = ""

    def __call__(self, folder: Path) -> None:
        self.tried.append(folder)
        if self.refuse:
            raise VoiceError(self.refuse)


@pytest.fixture
def trials() -> Trials:
    return Trials()


@pytest.fixture
def installer(tmp_path: Path, trials: Trials) -> Installer:
    return Installer(tmp_path / "voices", trials)


def quiet(name: str, done: int, total: int) -> None:
    assert 0 < done <= total


class Server(http.server.ThreadingHTTPServer):
    """A mirror that can cut a transfer short, ignore ranges or talk nonsense; it notes the ranges it was asked for."""

    def __init__(self, root: Path, cut_at: int | None, ranges: bool, garbage: bool) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.root, self.cut_at, self.ranges, self.garbage = root, cut_at, ranges, garbage
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.server.garbage:
            self.wfile.write(b"220 ftp.example ready\r\n")
            return
        file = self.server.root / self.path.lstrip("/")
        if not file.is_file():
            self.send_error(404)
            return
        data, wanted = file.read_bytes(), self.headers.get("Range", "")
        self.server.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.server.ranges else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start : self.server.cut_at])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass


Serve = Callable[..., Server]


@pytest.fixture
def serve(mirror: Path) -> Iterator[Serve]:
    servers: list[Server] = []

    def start(cut_at: int | None = None, ranges: bool = True, garbage: bool = False) -> Server:
        servers.append(Server(mirror, cut_at, ranges, garbage))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_voice_is_verified_tried_and_then_current(installer: Installer, mirror: Path, trials: Trials) -> None:
    folder = installer.install(record(), FolderSource(mirror), quiet)
    (found,) = installed_voices(folder.parent.parent)
    assert found.folder == folder
    assert found.model.read_bytes() == MODEL
    assert found.fault() is None
    assert [path.name for path in trials.tried] == [f".incoming-{record().short_hash}"]
    assert installer.check("vi_VN-thu", {"vi_VN-thu": record()}) == []


def test_a_voice_is_on_the_disk_names_and_all_before_it_bears_its_final_name(
    installer: Installer, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real = os.replace

    def replace(old: Path, new: Path) -> None:
        done.append(f"{old.name} -> {new.name}")
        real(old, new)

    monkeypatch.setattr("tts.install.installer.settle_names", lambda folder: done.append(folder.name))
    monkeypatch.setattr("tts.install.installer.os.replace", replace)
    installer.install(record(), FolderSource(mirror), quiet)
    incoming, final = f".incoming-{record().short_hash}", record().short_hash
    steps = [incoming, f"{incoming} -> {final}", "vi_VN-thu", ".current.new -> current", "vi_VN-thu"]
    assert done[-len(steps) :] == steps


def test_installing_again_fetches_nothing(installer: Installer, mirror: Path, trials: Trials) -> None:
    installer.install(record(), FolderSource(mirror), quiet)
    shutil.rmtree(mirror)
    installer.install(record(), FolderSource(mirror), quiet)
    assert len(trials.tried) == 1


OTHER_SETTINGS = b'{"settings": 2, "length_scale": 1.2}'


def with_other_settings(mirror: Path) -> VoiceRecord:
    """The next revision of the voice, in the mirror: the same model with other settings."""
    (mirror / "vi" / "thu" / "thu.onnx.json").write_bytes(OTHER_SETTINGS)
    first, fact = record(), FileFact(len(OTHER_SETTINGS), hashlib.sha256(OTHER_SETTINGS).hexdigest())
    return msgspec.structs.replace(first, revision="2", files={**first.files, "thu.onnx.json": fact})


def test_other_settings_of_the_same_model_are_installed_in_place_of_the_first(
    installer: Installer, mirror: Path
) -> None:
    installer.install(record(), FolderSource(mirror), quiet)
    newer = with_other_settings(mirror)
    folder = installer.install(newer, FolderSource(mirror), quiet)
    assert (folder / "thu.onnx.json").read_bytes() == OTHER_SETTINGS
    assert installer.check("vi_VN-thu", {"vi_VN-thu": newer}) == []


def test_what_an_attempt_for_another_revision_left_is_not_taken_for_this_one(
    installer: Installer, mirror: Path
) -> None:
    first = msgspec.structs.replace(record(), files=dict(reversed(record().files.items())))  # the settings come first
    (mirror / "vi" / "thu" / "thu.onnx").rename(mirror / "away")
    with pytest.raises(InstallError):
        installer.install(first, FolderSource(mirror), quiet)
    (mirror / "away").rename(mirror / "vi" / "thu" / "thu.onnx")
    folder = installer.install(with_other_settings(mirror), FolderSource(mirror), quiet)
    assert (folder / "thu.onnx.json").read_bytes() == OTHER_SETTINGS


def test_over_http_a_cut_transfer_is_continued(installer: Installer, serve: Serve, tmp_path: Path) -> None:
    cut = serve(cut_at=700_000)
    with pytest.raises(InstallError, match=r"thu\.onnx.*"):
        installer.install(record(), WebSource(cut.url), quiet)
    part = next((tmp_path / "voices").rglob("*.part"))
    assert part.stat().st_size == 700_000
    whole = serve()
    installer.install(record(), WebSource(whole.url), quiet)
    assert whole.asked[0] == "bytes=700000-"
    assert installer.check("vi_VN-thu", {}) == []


def test_a_server_without_ranges_starts_over(installer: Installer, serve: Serve) -> None:
    with pytest.raises(InstallError):
        installer.install(record(), WebSource(serve(cut_at=1000).url), quiet)
    installer.install(record(), WebSource(serve(ranges=False).url), quiet)
    assert installer.check("vi_VN-thu", {}) == []


def test_a_server_that_is_away_or_has_no_such_file_is_said(installer: Installer, serve: Serve, mirror: Path) -> None:
    with pytest.raises(InstallError, match=r"máy chủ không nhận kết nối / .*Connection refused$"):
        installer.install(record(), WebSource("http://127.0.0.1:1"), quiet)
    (mirror / "vi" / "thu" / "thu.onnx").unlink()
    with pytest.raises(InstallError, match="answered 404"):
        installer.install(record(), WebSource(serve().url), quiet)


def test_a_server_of_another_kind_is_said_and_no_crash(installer: Installer, serve: Serve) -> None:
    with pytest.raises(InstallError, match=r"127\.0\.0\.1:\d+/vi/thu/thu\.onnx: 220 ftp\.example ready"):
        installer.install(record(), WebSource(serve(garbage=True).url), quiet)


def test_a_file_with_another_hash_is_refused_and_not_continued(
    installer: Installer, mirror: Path, trials: Trials, tmp_path: Path
) -> None:
    file = mirror / "vi" / "thu" / "thu.onnx"
    file.write_bytes(MODEL[:-1] + b"!")
    with pytest.raises(InstallError, match=r"thu\.onnx was refused: .*not the file that was verified"):
        installer.install(record(), FolderSource(mirror), quiet)
    assert trials.tried == []
    assert installed_voices(tmp_path / "voices") == []
    file.write_bytes(MODEL)
    installer.install(record(), FolderSource(mirror), quiet)


@pytest.mark.parametrize(("data", "reason"), [(MODEL[:-5], "has 1199995 bytes, not 1200000"), (MODEL * 2, "more than")])
def test_a_file_of_another_length_is_refused(installer: Installer, mirror: Path, data: bytes, reason: str) -> None:
    (mirror / "vi" / "thu" / "thu.onnx").write_bytes(data)
    with pytest.raises(InstallError, match=reason):
        installer.install(record(), FolderSource(mirror), quiet)


def test_a_voice_that_does_not_speak_changes_nothing(
    installer: Installer, mirror: Path, trials: Trials, tmp_path: Path
) -> None:
    installer.install(record(), FolderSource(mirror), quiet)
    trials.refuse = "only noise came out"
    newer = record(b"newer " * 1000, "2")
    (mirror / "vi" / "thu" / "thu.onnx").write_bytes(b"newer " * 1000)
    with pytest.raises(InstallError, match="is whole but does not speak: only noise came out"):
        installer.install(newer, FolderSource(mirror), quiet)
    (current,) = installed_voices(tmp_path / "voices")
    assert current.record.revision == "1"
    assert installer.check("vi_VN-thu", {}) == [("only noise came out", "only noise came out")]


def test_one_older_voice_is_kept(installer: Installer, mirror: Path, tmp_path: Path) -> None:
    folders = []
    for revision in ("1", "2", "3"):
        data = revision.encode() * 1000
        (mirror / "vi" / "thu" / "thu.onnx").write_bytes(data)
        folders.append(installer.install(record(data, revision), FolderSource(mirror), quiet))
    assert [folder.exists() for folder in folders] == [False, True, True]
    assert os.readlink(tmp_path / "voices" / "vi_VN-thu" / "current") == folders[2].name


def test_installing_the_current_voice_again_keeps_the_older_one(
    installer: Installer, mirror: Path, tmp_path: Path
) -> None:
    for revision in ("1", "2", "2"):
        data = revision.encode() * 1000
        (mirror / "vi" / "thu" / "thu.onnx").write_bytes(data)
        installer.install(record(data, revision), FolderSource(mirror), quiet)
    kept = {path.name for path in (tmp_path / "voices" / "vi_VN-thu").iterdir()}
    assert kept == {"current", *(record(one * 1000).short_hash for one in (b"1", b"2"))}


def test_a_voice_damaged_on_the_disk_is_found_and_mended(installer: Installer, mirror: Path) -> None:
    folder = installer.install(record(), FolderSource(mirror), quiet)
    (folder / "thu.onnx").write_bytes(MODEL[:-1] + b"?")
    damage, cure = installer.check("vi_VN-thu", {})
    assert "not the file that was verified" in damage.en
    assert cure == mending("vi_VN-thu")
    installer.install(record(), FolderSource(mirror), quiet)
    assert installer.check("vi_VN-thu", {}) == []


@pytest.mark.parametrize("torn", [b"", b'{"name": "vi_VN-', None])
def test_a_voice_whose_record_is_torn_or_gone_is_found_mended_and_removed(
    installer: Installer, mirror: Path, torn: bytes | None, tmp_path: Path
) -> None:
    """Installing again takes the whole way: of files that no record speaks for, nothing is believed."""
    for cure in ("install", "remove"):
        folder = installer.install(record(), FolderSource(mirror), quiet)
        (folder / "voice.json").unlink()
        if torn is not None:
            (folder / "voice.json").write_bytes(torn)
        broken, advice = installer.check("vi_VN-thu", {})
        assert "giọng vi_VN-thu đã cài nhưng bị hỏng: không đọc được voice.json" in broken.vi
        assert advice == mending("vi_VN-thu")
        if cure == "install":
            installer.install(record(), FolderSource(mirror), quiet)
            assert installer.check("vi_VN-thu", {}) == []
    with pytest.raises(InstallError, match="installed: vi_VN-thu"):
        installer.remove("vi_VN-khac")
    installer.remove("vi_VN-thu")
    assert placed_voices(tmp_path / "voices") == []


def test_a_voice_that_is_not_the_manifests_is_said(installer: Installer, mirror: Path) -> None:
    installer.install(record(), FolderSource(mirror), quiet)
    (fault,) = installer.check("vi_VN-thu", {"vi_VN-thu": record(b"other", "2")})
    assert "is not the 2 of the manifest" in fault.en


def test_removing_forgets_every_version_and_refuses_strangers(
    installer: Installer, mirror: Path, tmp_path: Path
) -> None:
    installer.install(record(), FolderSource(mirror), quiet)
    for name in ("vi_VN-khac", "..", ".", "", "../mirror"):
        with pytest.raises(InstallError, match="installed: vi_VN-thu"):
            installer.remove(name)
    installer.remove("vi_VN-thu")
    assert installed_voices(tmp_path / "voices") == []
    assert mirror.exists()


def test_a_disk_too_small_is_said_before_anything_is_fetched(
    installer: Installer, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(mirror)._replace(free=5 << 20)
    monkeypatch.setattr("tts.install.installer.shutil.disk_usage", lambda path: usage)
    with pytest.raises(InstallError, match=r"còn trống 5 MB; .* has 5 MB free; vi_VN-thu needs 17 MB"):
        installer.install(record(), FolderSource(mirror), quiet)


@pytest.mark.parametrize("step", ["_write_whole", "_replace_folder", "_switch"])
def test_a_disk_that_fills_up_at_any_step_is_said_and_changes_nothing(
    installer: Installer, mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/voices/x")

    with monkeypatch.context() as broken:
        broken.setattr(f"tts.install.installer.{step}", full)
        with pytest.raises(InstallError, match=r"x: hết chỗ trên đĩa / /voices/x cannot be written: No space left"):
            installer.install(record(), FolderSource(mirror), quiet)
    assert installed_voices(tmp_path / "voices") == []
    installer.install(record(), FolderSource(mirror), quiet)


def test_two_installations_do_not_meet(installer: Installer, mirror: Path, tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    with open(tmp_path / "voices" / ".lock", "w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(InstallError, match="another installation is at work"):
            installer.install(record(), FolderSource(mirror), quiet)
    installer.install(record(), FolderSource(mirror), quiet)


def test_a_folder_that_cannot_be_written_is_said(mirror: Path, tmp_path: Path, trials: Trials) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InstallError, match="cannot be used: Not a directory"):
        Installer(tmp_path / "file" / "voices", trials).install(record(), FolderSource(mirror), quiet)
