"""Files on their way in: stored aside, checked by a worker, and only then part of the content store.

A file is what its bytes say, never what its name says. Pictures are checked by a prepare worker
(see media.desk), so that a bomb or a broken file harms a process that may die; so are recordings,
which go on as nothing but their sound (see media.recordings).
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from drivers.disk import sync_folder
from player.film.footage import LONGEST_S
from player.layout import crest
from player.prepare.jobs import Failed, Inspected
from player.prepare.kinds import Kind, kind_of
from publisher.accounts.models import User
from publisher.home import Home
from publisher.media import recordings
from publisher.media.desk import PrepareDesk
from publisher.media.limits import Limits
from publisher.media.models import Asset, Upload
from publisher.media.reasons import known
from publisher.media.recordings import RecordingError

log = logging.getLogger(__name__)

FILM_LONGEST_S: Final = LONGEST_S
FORGOTTEN_AFTER: Final = timedelta(days=1)


class RefusedError(Exception):
    """The file is refused; `reasons.told` has the words for `reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = known(reason)


class Landed(NamedTuple):
    path: Path
    sha256: str
    size: int


class Store:
    """Brings files into `home`'s content folder."""

    def __init__(self, home: Home, desk: PrepareDesk, limits: Limits) -> None:
        self._home = home
        self._desk = desk
        self._limits = limits

    def receive(self, owner: User, name: str, chunks: Iterable[bytes]) -> Upload:
        """Take the bytes of a picture, a document, a film or a sound to go with it; the check begins.

        Raises RefusedError for what is empty or too large, or finds no room.
        """
        uid = secrets.token_hex(16)
        landed = self._land(uid, chunks)
        known = Asset.objects.filter(pk=landed.sha256).first()
        upload = Upload(uid=uid, owner=owner, name=name[:200])
        if known is not None:
            landed.path.unlink()
            upload.status, upload.asset = Upload.Status.ACCEPTED, known
        else:
            self._desk.inspected(landed.path)
        upload.save()
        return upload

    def settle(self, upload: Upload) -> Upload:
        """The upload as far as its check has come; an accepted one is in the content store with this call.

        Two pages may ask at once: the first that has the answer settles it, the other is told what became of it.
        """
        if upload.status != Upload.Status.CHECKING:
            return upload
        path = self._waiting(upload.uid)
        found = self._desk.inspected(path) if path.is_file() else Failed(upload.uid, "missing")
        if isinstance(found, Inspected) and found.length_s > FILM_LONGEST_S:
            found = Failed(upload.uid, "long")
        if isinstance(found, Inspected):
            with suppress(FileNotFoundError):  # taken over since we looked
                self._accept(upload, path, found)
        elif isinstance(found, Failed):
            path.unlink(missing_ok=True)
            _still_checking(upload).update(status=Upload.Status.REFUSED, reason=known(found.reason.partition(":")[0]))
        upload.refresh_from_db()
        return upload

    def receive_audio(self, owner: User, name: str, chunks: Iterable[bytes]) -> Asset:
        """A recording, checked, made small and stored at once. Raises RefusedError."""
        uid = secrets.token_hex(16)
        landed, packed = self._land(uid, chunks), self._waiting(f"{uid}.opus")
        try:
            duration_s = recordings.normalise(landed.path, packed)
            kept = _landed(packed)
        except RecordingError as exc:
            packed.unlink(missing_ok=True)
            raise RefusedError(exc.reason) from exc
        finally:
            landed.path.unlink()
        asset = Asset(
            kind=Asset.Kind.AUDIO, mime=recordings.MIME, duration_s=duration_s, name=name[:200], uploaded_by=owner
        )
        return self._keep(kept, asset)

    def receive_crest(self, owner: User, name: str, chunks: Iterable[bytes]) -> Asset:
        """A unit's crest, checked and stored at once; nothing of it is decoded here. Raises RefusedError."""
        landed = self._land(secrets.token_hex(16), chunks)
        try:
            width_px, height_px = crest.measure(landed.path.read_bytes(), name)
        except ValueError as exc:
            landed.path.unlink()
            raise RefusedError("crest") from exc
        asset = Asset(
            kind=Asset.Kind.PICTURE, mime="image/png", width_px=width_px, height_px=height_px,
            name=name[:200], uploaded_by=owner,
        )  # fmt: skip
        return self._keep(landed, asset)

    def sweep(self, now: datetime) -> int:
        """Forget uploads nobody finished, and files that a killed process left; how many uploads."""
        before = now - FORGOTTEN_AFTER
        for path in self._waiting("").glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
        count, _kinds = Upload.objects.filter(created__lt=before).delete()
        return count

    def _accept(self, upload: Upload, path: Path, found: Inspected) -> None:
        landed = _landed(path)
        asset = Asset(
            kind=Asset.Kind.PICTURE, mime=found.mime, width_px=found.width_px, height_px=found.height_px,
            pages=found.pages, duration_s=found.length_s, name=upload.name, uploaded_by=upload.owner,
        )  # fmt: skip
        with transaction.atomic():
            _still_checking(upload).update(asset=self._keep(landed, asset), status=Upload.Status.ACCEPTED)

    def _keep(self, landed: Landed, asset: Asset) -> Asset:
        """File first, row after: a row without a file would be a promise nobody keeps.

        The row there is, where the same bytes were brought before, or by somebody else in this moment.
        """
        self._home.content.mkdir(mode=0o700, parents=True, exist_ok=True)
        landed.path.replace(self._home.content / landed.sha256)
        sync_folder(self._home.content)
        asset.sha256, asset.size = landed.sha256, landed.size
        Asset.objects.bulk_create([asset], ignore_conflicts=True)
        return Asset.objects.get(pk=landed.sha256)

    def _land(self, uid: str, chunks: Iterable[bytes]) -> Landed:
        path = self._waiting(uid)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest, size, limit_b = hashlib.sha256(), 0, 0
        try:
            with path.open("xb") as file:
                for chunk in chunks:
                    limit_b = limit_b or self._limits.file_b(film=kind_of(chunk) is Kind.FILM)
                    size += len(chunk)
                    if size > limit_b:
                        raise RefusedError("size")
                    if shutil.disk_usage(path.parent).free < self._limits.free_b + len(chunk):
                        raise RefusedError("room")
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if size == 0:
                raise RefusedError("empty")
        except RefusedError:
            path.unlink()
            raise
        except OSError as exc:
            log.error("%s cannot be written: %s", path, exc)
            path.unlink(missing_ok=True)
            raise RefusedError("full") from exc
        return Landed(path, digest.hexdigest(), size)

    def _waiting(self, uid: str) -> Path:
        return self._home.scratch / "uploads" / uid


def _still_checking(upload: Upload) -> QuerySet[Upload]:
    return Upload.objects.filter(pk=upload.pk, status=Upload.Status.CHECKING)


def _landed(path: Path) -> Landed:
    """A file that is on the disk as one to be kept."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return Landed(path, sha256, path.stat().st_size)
