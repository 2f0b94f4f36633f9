"""Bundles on a stick or a share: a signed pointer, its body and its media, judged by the same rules as over the air.

A bundle is a folder or a tar file that holds

    pointer.json     the signed pointer, as it is announced over MQTT
    body             the playlist it names
    media/<sha256>   the files that the playlist names; those the screen has may be missing
    keys.json        the key set, if it may be new to the screen (optional)

Nothing else in it is looked at, nothing is unpacked by name, and nothing in it is run.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from agent import trust
from agent.desk import Desk
from agent.disk import has_room
from agent.fetch import CHUNK_B, FetchError, disk_error
from agent.playlists import Playlists
from agent.store import shared_folder
from drivers.disk import sync_folder
from player.model import Media
from player.wire import ENVELOPE_LIMIT_B

log = logging.getLogger(__name__)

IMPORT_DIR: Final = "import"  # in the state folder: bundles handed over on this machine
POINTER: Final = "pointer.json"
BODY: Final = "body"
KEY_SET: Final = "keys.json"
MEDIA: Final = "media"
_TAR_SUFFIXES: Final = (".tar", ".bangtin")


class BundleSource:
    """The bodies and media in one bundle; a `sync.Source`. Addresses are ignored: the hash is the name."""

    near = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def read_small(self, name: str) -> bytes | None:
        """An envelope in the bundle, or None. Raises FetchError."""
        try:
            with self._open(name) as (file, _):
                return file.read(ENVELOPE_LIMIT_B + 1)
        except KeyError:
            return None

    def body(self, url: str, size: int, sha256: str) -> bytes:
        """What the bundle holds as body, at most one byte more than `size`; its hash is judged with the playlist."""
        with self._required(BODY) as (file, _):
            return file.read(size + 1)

    def file(self, url: str, media: Media, path: Path) -> None:
        """Copy `media` to `path`, which appears complete or not at all. Raises FetchError."""
        part = path.with_name(path.name + ".part")
        with self._required(f"{MEDIA}/{media.sha256}") as (file, size):
            if size != media.size:
                raise FetchError("size", f"{media.sha256[:12]}… has {size} bytes in {self._path.name}")
            if not has_room(path.parent, size):
                raise FetchError("disk-full", f"no room for {size} bytes in {path.parent}")
            try:
                found = _copy(file, part)
                if found != media.sha256:
                    raise FetchError("hash", f"{media.sha256[:12]}… is something else in {self._path.name}")
                part.rename(path)
                sync_folder(path.parent)
            except OSError as exc:
                raise disk_error(exc, path) from exc
            finally:
                part.unlink(missing_ok=True)

    @contextmanager
    def _required(self, name: str) -> Iterator[tuple[IO[bytes], int]]:
        try:
            with self._open(name) as found:
                yield found
        except KeyError:
            raise FetchError("bundle", f"there is no {name} in {self._path.name}") from None

    @contextmanager
    def _open(self, name: str) -> Iterator[tuple[IO[bytes], int]]:
        """The named plain file and its size. Raises KeyError if the bundle has none, FetchError if it is unreadable."""
        try:
            if self._path.is_dir():
                with _open_plain(self._path / name) as file:
                    yield file, os.fstat(file.fileno()).st_size
                return
            with tarfile.open(self._path, "r:") as tar:
                member = tar.getmember(name)
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise KeyError(name)
                yield content, member.size
        except FileNotFoundError:
            raise KeyError(name) from None
        except (tarfile.TarError, OSError) as exc:
            raise FetchError("bundle", f"{self._path.name} cannot be read: {exc}") from exc


def _open_plain(path: Path) -> IO[bytes]:
    """A stick may hold links to anywhere, pipes and devices: only a plain file is opened. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"{path.name} is not a plain file")
    return os.fdopen(handle, "rb")


def _copy(file: IO[bytes], part: Path) -> str:
    hasher = hashlib.sha256()
    with part.open("wb") as out:
        while chunk := file.read(CHUNK_B):
            out.write(chunk)
            hasher.update(chunk)
        out.flush()
        os.fsync(out.fileno())
    return hasher.hexdigest()


def find(folder: Path) -> list[Path]:
    """The bundles in an import folder: the folder itself, folders in it, tar files in it."""
    found = [folder] if (folder / POINTER).is_file() else []
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            packed = path.suffix in _TAR_SUFFIXES and path.is_file()
            if packed or (path.suffix != ".part" and (path / POINTER).is_file()):
                found.append(path)
    return found


def drop(bundle: Path, state_dir: Path) -> Path:
    """Put a copy of `bundle` where the agent of `state_dir` finds it; where that is. Raises OSError, shutil.Error."""
    folder = shared_folder(state_dir / IMPORT_DIR)
    suffix = "" if bundle.is_dir() else bundle.suffix if bundle.suffix in _TAR_SUFFIXES else ".tar"
    target = folder / f"{bundle.stem}-{secrets.token_hex(4)}{suffix}"
    part = target.with_name(target.name + ".part")
    try:
        if bundle.is_dir():
            shutil.copytree(bundle, part, symlinks=True)
        else:
            shutil.copyfile(bundle, part)
        part.rename(target)
    except BaseException:  # a full disk, or whoever typed the command has had enough
        _delete(part)
        raise
    return target


class Bundles:
    """Offers what lies in the import folders to the playlists. Each bundle is tried again when it changed.

    Those in `handed_over` are copies of our own: one is deleted as soon as nothing is to come from it any more. What
    lies in the other folders is somebody's stick, and only read.
    """

    def __init__(self, handed_over: Path, others: list[Path], desk: Desk, playlists: Playlists) -> None:
        self._handed_over = handed_over
        self._folders = [handed_over, *others]
        self._desk = desk
        self._playlists = playlists
        self._seen: dict[Path, float] = {}
        self._judged: dict[Path, BundleSource] = {}  # handed over, and read to their end

    def scan(self) -> None:
        """Look at every bundle that is new or has changed, and delete those handed over that have had their turn."""
        for folder in self._folders:
            for path in find(folder):
                stamp = _newest(path)
                if self._seen.get(path) != stamp:
                    self._seen[path] = stamp
                    self._offer(path)
        for path, source in list(self._judged.items()):
            if not self._playlists.needs(source):
                del self._judged[path]
                _delete(path)

    def _offer(self, path: Path) -> None:
        source = BundleSource(path)
        log.info("looking at the bundle %s", path)
        try:
            key_set = source.read_small(KEY_SET)
            if key_set is not None:
                self._desk.take_keys(key_set)
            envelope = source.read_small(POINTER)
        except FetchError as exc:
            self._desk.refusals.note(trust.Refusal("bundle", exc.reason, exc.detail))
            return
        except trust.Refusal as exc:
            self._desk.refusals.note(exc)
            return
        if envelope is None:
            self._desk.refusals.note(trust.Refusal("bundle", "bundle", f"there is no {POINTER} in {path.name}"))
            return
        self._playlists.announce(envelope, self._desk.now(), source)
        if path.parent == self._handed_over:
            self._judged[path] = source


def _delete(bundle: Path) -> None:
    """A bundle that cannot be deleted is looked at once more after the next start, and harms nobody."""
    if bundle.is_dir() and not bundle.is_symlink():
        shutil.rmtree(bundle, ignore_errors=True)
    else:
        with suppress(OSError):
            bundle.unlink()


def _newest(path: Path) -> float:
    """When the bundle last changed: a folder that is being copied changes with every file."""
    newest = 0.0
    for part in (path, path / MEDIA, path / POINTER, path / BODY):
        with suppress(OSError):
            newest = max(newest, part.stat().st_mtime)
    return newest
