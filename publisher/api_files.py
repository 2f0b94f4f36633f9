"""Files by the HTTP API: pictures, documents, films and sounds to go with a bulletin, and recordings of its texts.

The checks are those of the pages, by the same store; what is accepted is named by the SHA-256 of its bytes.
"""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from publisher.accounts import rights
from publisher.api_faults import FAULTS, NotThereError
from publisher.api_token import bearer
from publisher.bulletins.workflow import WorkflowError
from publisher.media import apps as media
from publisher.media.models import Asset, Upload
from publisher.media.store import RefusedError, Store

router = Router(tags=["files"])


class FileOut(Schema):
    """A file: `id` is what a bulletin names as `picture`, or a text as `audio`, once `status` is "accepted".

    While it is "checking", ask again for `upload`.
    """

    upload: str | None
    status: Literal["checking", "accepted"]
    id: str | None
    mime: str
    width_px: int
    height_px: int
    duration_s: float
    pages: int


@router.post(
    "/files", response={201: FileOut, 202: FileOut, **FAULTS}, summary="Bring a picture, PDF, film or sound file"
)
def receive(request: HttpRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """The field `file` of a multipart form. A worker looks at it: 201 if it is done, 202 if it is not yet."""
    _require_writer(request)
    store = _store()
    store.sweep(timezone.now())
    upload = store.receive(bearer(request), file.name or "", file.chunks())
    return Status(201 if upload.asset else 202, _told(upload))


@router.get("/files/{upload}", response={200: FileOut, **FAULTS}, summary="How far the check of a file has come")
def state(request: HttpRequest, upload: str) -> dict[str, Any]:
    """422 with the reason if it is refused."""
    found = Upload.objects.filter(pk=upload, owner=bearer(request)).first()
    if found is None:
        raise NotThereError(_("không có tệp"), upload)
    settled = _store().settle(found)
    if settled.status == Upload.Status.REFUSED:
        raise RefusedError(settled.reason)
    return _told(settled)


@router.post("/recordings", response={201: FileOut, **FAULTS}, summary="Bring a recording to be heard with a text")
def receive_recording(request: HttpRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """The field `file` of a multipart form, in any usual kind of sound; kept as Opus at the boards' loudness, of which
    `id` is the name. An emergency may have recordings too: they are heard after the machine's voice, when they arrive.
    """
    _require_writer(request)
    return Status(201, _asset(_store().receive_audio(bearer(request), file.name or "", file.chunks())))


def _require_writer(request: HttpRequest) -> None:
    if not any(rights.has_anywhere(bearer(request), verb) for verb in ("write", "publish")):
        raise WorkflowError("right", _("Bạn không có quyền soạn tin nên không tải tệp lên được."))


def _told(upload: Upload) -> dict[str, Any]:
    about = _asset(upload.asset) if upload.asset else _asset(Asset(pages=0)) | {"status": "checking", "id": None}
    return about | {"upload": upload.uid}


def _asset(asset: Asset) -> dict[str, Any]:
    names = ("mime", "width_px", "height_px", "duration_s", "pages")
    return {name: getattr(asset, name) for name in names} | {
        "upload": None, "status": "accepted", "id": asset.sha256,
    }  # fmt: skip


def _store() -> Store:
    return Store(settings.HOME, media.desk(), media.limits())
